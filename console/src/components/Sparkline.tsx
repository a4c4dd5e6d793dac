import { chart } from "@/theme/theme";

/** `partial`: the last value is still growing (today so far), drawn dashed and hollow. The shape of the last days beside a figure: no axis, no reading-off; the figure itself says the value. */
export function Sparkline({ values, label, partial = false, width = chart.sparkline.width, height = chart.sparkline.height }: { values: readonly number[]; label: string; partial?: boolean; width?: number; height?: number }) {
  if (values.length < 2) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (index: number) => 2 + (index / (values.length - 1)) * (width - 6);
  const y = (value: number) => (high === low ? (high === 0 ? height - 3 : height / 2) : 3 + (1 - (value - low) / (high - low)) * (height - 6));
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  const whole = partial ? points.slice(0, -1) : points;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${String(width)} ${String(height)}`} role="img" aria-label={label} style={{ display: "block", maxWidth: "100%" }}>
      <polyline points={whole.join(" ")} fill="none" stroke={chart.sparkline.line} strokeWidth="1.4" strokeLinejoin="round" />
      {partial && <polyline points={points.slice(-2).join(" ")} fill="none" stroke={chart.sparkline.line} strokeWidth="1.2" strokeDasharray="2 2" />}
      <circle cx={x(values.length - 1)} cy={y(values.at(-1) ?? 0)} r="2.4" fill={partial ? chart.notConclusive.dotFill : chart.sparkline.endDot} stroke={chart.sparkline.endDot} strokeWidth={partial ? 1.2 : 0} />
    </svg>
  );
}
