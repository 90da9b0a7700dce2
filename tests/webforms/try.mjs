// Fills in forms with ODK Web Forms' engine: one JSON of jobs on standard input, one of results out.
// The engine's bundle takes Node for a browser's worker only in this order: fetch once, hide the
// version, import.
await fetch('data:,x');
const { JSDOM } = await import('jsdom');
const { window } = new JSDOM('<!DOCTYPE html>', { url: 'http://localhost/' });
for (const name of Object.getOwnPropertyNames(window)) {
  if (!(name in globalThis)) globalThis[name] = window[name];
}
Object.defineProperty(process, 'versions', { value: { ...process.versions, node: undefined } });
const { loadForm } = await import('@getodk/xforms-engine');

const ROUNDS = 6;

const stepsOf = (reference) =>
  reference.split('/').slice(2).map((step) => /^([^[]+)(?:\[(\d+)\])?$/.exec(step).slice(1, 3));

const inside = (answers, steps, repeats) => {
  let level = answers;
  for (const [name, number] of steps.slice(0, -1)) {
    if (number === undefined || !repeats.includes(name)) continue;
    level = (level?.[name] ?? [])[Number(number) - 1];
  }
  return level?.[steps.at(-1)[0]];
};

const put = (node, answer) => {
  const blank = answer === null || answer === undefined;
  if (node.nodeType === 'select') {
    if (node.selectType === 'select') node.selectValues(blank ? [] : answer);
    else node.selectValue(blank ? null : String(answer));
  } else if (node.nodeType === 'rank') node.setValues(blank ? [] : answer);
  else if (node.nodeType === 'trigger') node.setValue(!blank);
  else node.setValue(blank ? (node.valueType === 'string' ? '' : null) : String(answer));
};

const LEAVES = ['input', 'select', 'range', 'rank', 'trigger'];

const visit = (node, answers, repeats, seen) => {
  const { relevant, children, reference } = node.currentState;
  if (!relevant) return;
  if (node.nodeType === 'repeat-range:uncontrolled') {
    const steps = stepsOf(reference);
    const wanted = (inside(answers, steps, repeats) ?? []).length;
    const there = node.currentState.children.length;
    if (there > wanted) node.removeInstances(wanted, there - wanted);
    if (there < wanted) node.addInstances(there - 1, wanted - there);
    for (const child of node.currentState.children) visit(child, answers, repeats, seen);
  } else if (children !== null) {
    for (const child of children) visit(child, answers, repeats, seen);
  } else if (LEAVES.includes(node.nodeType) && !node.currentState.readonly) {
    if (!seen.has(reference)) put(node, inside(answers, stepsOf(reference), repeats));
    seen.add(reference);
  }
};

const report = (node, result) => {
  const { relevant, children, reference } = node.currentState;
  if (!relevant) return;
  if (children !== null) {
    for (const child of children) report(child, result);
  } else if (node.nodeType === 'model-value') {
    result.calculated[reference] = String(node.currentState.value ?? '');
  } else if (LEAVES.includes(node.nodeType)) {
    result.asked.push(reference);
    const broken = node.validationState.violation;
    if (broken !== null) result.broken[reference] = broken.condition;
  }
};

const fill = (form, answers, repeats) => {
  const { root } = form.createInstance();
  const seen = new Set();
  for (let round = 0, before = -1; round < ROUNDS && seen.size !== before; round += 1) {
    before = seen.size;
    for (const child of root.currentState.children) visit(child, answers, repeats, seen);
  }
  const result = { asked: [], broken: {}, calculated: {} };
  for (const child of root.currentState.children) report(child, result);
  return result;
};

let text = '';
for await (const part of process.stdin) text += part;
const results = [];
for (const { xform, repeats, sets } of JSON.parse(text)) {
  const form = await loadForm(xform);
  if (form.status === 'failure') throw form.error;
  results.push(sets.map((answers) => fill(form, answers, repeats)));
}
process.stdout.write(JSON.stringify(results), () => process.exit(0));
