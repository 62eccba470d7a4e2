/** Points inside and outside a circle. */
export const circle = `x,y,in\n${Array.from({ length: 300 }, (_, k) => {
  const [x, y] = [(k * 37) % 101, (k * 53) % 97];
  return [x, y, (x - 50) ** 2 + (y - 48) ** 2 < 1200 ? "yes" : "no"].join();
}).join("\n")}\n`;
