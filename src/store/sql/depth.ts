/** How deep the brackets of a JSON text go; unpaired ones within strings may be counted too. */
export function depthOf(json: string): number {
  let depth = 0, most = 0;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === 91 || code === 123) most = Math.max(most, ++depth);
    else if (code === 93 || code === 125) depth = Math.max(0, depth - 1);
  }
  return most;
}
