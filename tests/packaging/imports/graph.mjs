// A graph of imports, in either language: `Map<file, Map<imported file, where and by what path>>`. Its cycles, and the
// arrows in it that point up.

/** Groups of files that all import each other, each as the arrows between them. */
export function cycles(graph) {
  return components(graph)
    .filter((files) => 1 < files.length)
    .map((files) => arrowsOf(graph).filter(({ from, to }) => files.includes(from) && files.includes(to)));
}

/** Every arrow from a layer to one that it may not import. `layerOf` gives a file's layer, and `undefined` for no layer. */
export function upwardArrows(graph, layers, layerOf) {
  return arrowsOf(graph).filter(({ from, to }) => {
    const [above, below] = [layerOf(from), layerOf(to)];
    return above !== undefined && above !== below && !(layers[above] ?? []).includes(below);
  });
}

/** One arrow, as it is shown to a person. */
export const inWords = ({ from, to, by }) => `${from} imports ${to} (${by})`;

function arrowsOf(graph) {
  return [...graph].flatMap(([from, targets]) => [...targets].map(([to, by]) => ({ from, to, by })));
}

/** Tarjan's strongly connected components. */
function components(graph) {
  const found = [];
  const numbers = new Map();
  const lowest = new Map();
  const stack = [];
  const visit = (file) => {
    numbers.set(file, numbers.size);
    lowest.set(file, numbers.get(file));
    stack.push(file);
    for (const target of graph.get(file)?.keys() ?? []) {
      if (!numbers.has(target)) visit(target);
      if (stack.includes(target)) lowest.set(file, Math.min(lowest.get(file), lowest.get(target)));
    }
    if (lowest.get(file) === numbers.get(file)) found.push(stack.splice(stack.indexOf(file)));
  };
  for (const file of graph.keys()) if (!numbers.has(file)) visit(file);
  return found;
}
