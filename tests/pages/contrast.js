// Every visible text whose contrast with its ground is below WCAG 2's AA, as [text, ratio].
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const pixel = (...colours) => {
  canvas.fillStyle = "white";
  canvas.fillRect(0, 0, 1, 1);
  for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
};
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const wrong = [];
for (const element of document.querySelectorAll("body *")) {
  const own = [...element.childNodes].filter((node) => node.nodeType === 3 && node.textContent.trim());
  if (!own.length || !element.checkVisibility() || element.closest(".unseen, .skip, svg, datalist, option")) continue;
  const grounds = [];
  for (let at = element; at; at = at.parentElement) grounds.unshift(getComputedStyle(at).backgroundColor);
  const style = getComputedStyle(element);
  const [one, other] = [luminance(pixel(...grounds, style.color)), luminance(pixel(...grounds))].sort((a, b) => b - a);
  const ratio = (one + 0.05) / (other + 0.05);
  const large = parseFloat(style.fontSize) >= 24;
  if (ratio < (large ? 3 : 4.5)) wrong.push([own[0].textContent.trim().slice(0, 40), Math.round(ratio * 100) / 100]);
}
return wrong;
