/** What the words on a page mean, in one sentence each. */
export const GLOSSARY = {
  logit:
    'A logit is the number that the network gives a class before the final softmax or sigmoid: the larger the logit, the likelier the class.',
  output: 'An output is one of the numbers that the network computes from its input.',
  residual:
    'The residual is what is left when W·x + b is subtracted from what the network itself computes; where the map is exact, only rounding is left.',
  region:
    'A region is the set of all inputs that switch the units of the network as x does; throughout it, the same W and b are exact.',
  gate: 'A gate is what a unit does at x: a ReLU lets its input pass or not, and a max-pool picks one entry of its window.',
  contrast:
    'A contrast explains why the network prefers one class to another: it is the difference of their rows of W.',
} as const;

/** A word that the glossary explains. */
export type GlossaryWord = keyof typeof GLOSSARY;
