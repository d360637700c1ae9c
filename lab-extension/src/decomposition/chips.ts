import { decimalsFor, type Decomposition, GLOSSARY, isSound, scientific, signed } from 'piecewise/payload';
import type { DecompositionModel } from './decomposition-model';
import { chip } from '../parts/chip';

/** The proof of the formula at the instance that is shown, where the linear map is exact, and which part of the network it covers. */
export function chips(model: DecompositionModel): HTMLElement[] {
  const { decomposition: d } = model;
  const cut = d.cut === null ? '' : ` · ${d.cut} cut off`;
  const position = d.instance
    ? [chip(`input ${d.instance.index} of ${d.instance.count}`, 'Position in the batch')]
    : [];
  return [
    ...position,
    ...(model.ghost ? claimsOfEdit(model) : [proof(d), strength(d)]),
    chip(`from ${d.from} to ${d.to}${cut}`, 'The part of the network that this linear map covers'),
  ];
}

function proof({ residual }: Decomposition): HTMLElement {
  const node = chip(
    `residual ${scientific(residual.relative)}`,
    `${GLOSSARY.residual} Here, max|F(x) − (W·x + b)| = ${scientific(residual.absolute)}, ${scientific(residual.relative)} of max|F(x)|, ` +
      `${Math.round(residual.ulps)} units in the last place of float32.`,
  );
  node.classList.add(isSound(residual) ? 'pw-mod-sound' : 'pw-mod-unsound');
  return node;
}

function strength({ exact, policies }: Decomposition): HTMLElement {
  if (exact) {
    return chip('exact on its region', GLOSSARY.region);
  }
  const used = [...new Set(policies.map(use => use.policy))].join(', ');
  return chip(
    used ? `at x only · ${used}` : 'at x only',
    'The linear map reproduces the network at this x, not around it. Frozen: ' +
      (policies.map(use => `${use.layer} (${use.policy})`).join(', ') || 'unknown') +
      (used.includes('gate') ? `. ${GLOSSARY.gate}` : '.'),
  );
}

/** At an edited x′: the residual there, and whether x′ lies in the region of x. Nothing before the network has answered. */
function claimsOfEdit({ decomposition: d, whatIf, subject }: DecompositionModel): HTMLElement[] {
  const { result } = whatIf;
  const { output, linear, bias } = subject;
  if (result === null || output === null || linear === null) return d.exact ? [] : [strength(d)];
  const residual = output - (linear + bias);
  const inside = d.exact && result.switched === 0;
  const size = Math.max(...result.output.map(Math.abs)) || 1;
  const written = inside ? scientific(Math.abs(residual) / size) : signed(residual, decimalsFor(output));
  const proof = chip(
    `residual at x′ ${written}`,
    `${GLOSSARY.residual} Here, F(x′) − (W·x′ + b) = ${scientific(residual)} with W and b of x.`,
  );
  if (inside) proof.classList.add('pw-mod-sound');
  return [proof, d.exact ? reachOfMap(result) : strength(d)];
}

function reachOfMap({ switched, units }: { switched: number; units: number }): HTMLElement {
  const count = (n: number) => n.toLocaleString('en');
  if (switched === 0)
    return chip(
      'inside the region of x',
      `None of ${count(units)} units has switched, so W and b are exact at x′. ${GLOSSARY.region}`,
    );
  const node = chip(
    'outside the region of x',
    `${count(switched)} of ${count(units)} units have switched, so W and b of x are not those of x′. ${GLOSSARY.region}`,
  );
  node.classList.add('pw-mod-outside');
  return node;
}
