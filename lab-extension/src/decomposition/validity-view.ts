import { type RadiusReply, compact } from 'piecewise/payload';
import { switching } from '../figures/unit-name';
import type { Change, DecompositionModel } from './decomposition-model';
import { askedNotice } from '../live/asked-notice';
import { button, element } from '../parts/element';
import { glossaryWord } from '../parts/word';
import type { DecompositionPart } from './decomposition-part';

/** How far in all directions the linear map of x remains exact. Nothing is computed before somebody asks. */
export class ValidityView implements DecompositionPart {
  readonly node = element('section', 'pw-validity');
  private readonly question = button(
    'How far is this linear map exact?',
    () => this.model.answers.askRadius(),
    'The distance from x to the nearest input at which a unit of the network switches',
  );
  private readonly status = element('div', 'pw-validity-status');

  constructor(private readonly model: DecompositionModel) {
    this.node.setAttribute('aria-label', 'Where the linear map is exact');
    this.status.setAttribute('aria-live', 'polite');
    this.node.append(this.question, this.status);
    // Under a policy there is no region; the headline states this.
    this.node.hidden = !model.decomposition.exact;
  }

  update(change: Change): void {
    if (change !== 'validity' && change !== 'delay') return;
    const { radius } = this.model.answers;
    this.question.hidden = radius.value !== null || radius.isLoading;
    const missing = askedNotice(
      radius,
      'How far the linear map is exact',
      () => this.model.answers.askRadius(),
      this.model.delay,
    );
    this.status.replaceChildren(...(radius.value ? sentences(radius.value) : missing));
  }
}

function sentences(radius: RadiusReply): HTMLElement[] {
  return [
    element('div', '', ...distance(radius)),
    ...(radius.touching > 0 ? [element('div', 'pw-quiet', touching(radius.touching))] : []),
  ];
}

function distance({ distance, lower, exact, unit, touching }: RadiusReply): (Node | string)[] {
  const border =
    touching > 0
      ? ['The nearest border that x is not on']
      : ['The nearest border of the ', glossaryWord('region')];
  if (distance === null || unit === null) {
    return exact
      ? ['Nothing in the network can switch: W and b are exact for every input.']
      : ['No border was found near x, but there may be one.'];
  }
  if (exact)
    return [...border, ' is ', strong(compact(distance)), ` away (l2, exact): there, ${switching(unit)}.`];
  return [
    ...border,
    ' is between ',
    strong(compact(lower ?? 0)),
    ' and ',
    strong(compact(distance)),
    ` away (l2): at the second distance, ${switching(unit)}. These are bounds, since the exact distance takes one pass per number of x.`,
  ];
}

function touching(count: number): string {
  const units = count === 1 ? '1 unit is' : `${count.toLocaleString('en')} units are`;
  return (
    `x itself lies on the border of its region: ${units} exactly at the threshold ` +
    '(equal entries of a max-pool, or a pre-activation of 0) and may switch with any change of x.'
  );
}

const strong = (text: string) => element('strong', 'pw-number', text);
