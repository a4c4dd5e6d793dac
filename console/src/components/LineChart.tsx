import { useMemo } from "react";
import { chart, meaning } from "@/theme/theme";
import { echarts } from "@/theme/echarts";
import { EChart } from "./EChart";

export type Tone = "brand" | "mid" | "soft" | "control" | "loss";

const tones: Record<Tone, { line: string; text: string }> = {
  brand: { line: chart.series[0] ?? "", text: chart.seriesLabel[0] ?? "" },
  mid: { line: chart.series[1] ?? "", text: chart.seriesLabel[1] ?? "" },
  soft: { line: chart.series[2] ?? "", text: chart.seriesLabel[2] ?? "" },
  control: { line: chart.control, text: chart.seriesLabel[3] ?? "" },
  loss: { line: meaning.loss, text: meaning.lossText },
};

export interface Line {
  name: string;
  /** One value for each of `x`; null where there is none. */
  values: readonly (number | null)[];
  tone?: Tone;
  /** Said at the line's end; default: name and last value. */
  endLabel?: string;
}

export interface LineChartProps {
  /** Names of the points, as they shall be read: "11/20". */
  x: readonly string[];
  lines: readonly Line[];
  format: (value: number) => string;
  /** Shorter form for the scale: "6" where the line says "6.0". */
  axisFormat?: (value: number) => string;
  target?: { value: number; label: string };
  height?: number;
  /** What the drawing shows, in words, for those who do not see it. */
  label: string;
  /** Room right of the drawing for the lines' names, px. */
  labelWidth?: number;
  /** The last point is still growing (today so far): its piece is dashed, its dot hollow. */
  partial?: boolean;
  /** Start the scale at zero (default); levels that never come near zero may start elsewhere. */
  fromZero?: boolean;
}

const colours = (line: Line, index: number) => tones[line.tone ?? (index === 0 ? "brand" : "mid")];
const widthOf = (index: number) => (index === 0 ? chart.line.emphasisWidth : chart.line.width);

/** The line from one point to another with its dot and its name at the end; dashed when it is only the tail. */
function drawn(line: Line, index: number, last: number, format: (value: number) => string, [from, to]: [number, number]) {
  const { line: colour, text } = colours(line, index);
  const value = line.values[last];
  const growing = from > 0;
  const hollow = { color: chart.notConclusive.dotFill, borderColor: colour, borderWidth: 1.4 };
  return {
    type: "line",
    name: line.name,
    data: line.values.map((v, i) => (i < from || i > to ? null : i === last ? { value: v, symbol: "circle", itemStyle: growing ? hollow : { color: colour } } : { value: v, symbol: "none" })),
    symbolSize: chart.line.endDotRadius * 2,
    showSymbol: true,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: widthOf(index), type: growing ? chart.targetLine.dash : "solid" },
    endLabel: { show: true, color: text, fontSize: 12, distance: 8, lineHeight: 17, formatter: line.endLabel ?? `${line.name} ${typeof value === "number" ? format(value) : ""}` },
    labelLayout: { moveOverlap: "shiftY" },
  };
}

/** All but the last point, of a line whose tail is drawn apart. */
function body(line: Line, index: number, last: number) {
  const { line: colour } = colours(line, index);
  return {
    type: "line",
    name: line.name,
    data: line.values.map((v, i) => (i < last ? v : null)),
    symbol: "none",
    itemStyle: { color: colour },
    lineStyle: { color: colour, width: widthOf(index) },
  };
}

const targetLine = (target: { value: number; label: string }) => ({
  silent: true,
  symbol: "none",
  data: [{ yAxis: target.value }],
  lineStyle: { color: chart.targetLine.color, type: chart.targetLine.dash, width: chart.targetLine.width },
  label: { position: "insideStartTop", formatter: target.label, color: chart.axisLabel.color, fontSize: 12 },
});

interface Point {
  seriesName: string;
  axisValueLabel: string;
  marker: string;
  value: unknown;
}

function reading(points: readonly Point[], format: (value: number) => string): string {
  // A line with a tail is two series of one name, of which at most points one has a value here.
  const named = new Map<string, Point>();
  for (const point of points) if (!named.has(point.seriesName) || typeof point.value === "number") named.set(point.seriesName, point);
  const rows = [...named.values()].map(({ marker, seriesName, value }) => `${marker}${echarts.format.encodeHTML(seriesName)} ${typeof value === "number" ? format(value) : "–"}`);
  return [echarts.format.encodeHTML(points[0]?.axisValueLabel ?? ""), ...rows].join("<br>");
}

/** Lines named at their end instead of a legend; names that would overlap move apart. */
export function LineChart({ x, lines, format, axisFormat = format, target, height = 200, label, labelWidth = 110, partial = false, fromZero = true }: LineChartProps) {
  const option = useMemo(
    () => ({
      grid: { left: 4, right: labelWidth, top: 14, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: { trigger: "axis", formatter: (points: readonly Point[]) => reading(points, format) },
      xAxis: { type: "category", data: [...x], boundaryGap: false, axisLabel: { hideOverlap: true, showMaxLabel: true, alignMinLabel: "left", alignMaxLabel: "right" } },
      yAxis: { type: "value", splitNumber: 4, scale: !fromZero, axisLabel: { formatter: (value: number) => axisFormat(value) } },
      series: lines.flatMap((line, index) => {
        const last = line.values.findLastIndex((value) => value !== null);
        const tail = drawn(line, index, last, format, partial ? [last - 1, last] : [0, last]);
        const marked = { ...tail, ...(index === 0 && target && { markLine: targetLine(target) }) };
        return partial ? [body(line, index, last), marked] : [marked];
      }) as object[],
    }),
    [x, lines, format, axisFormat, target, labelWidth, partial, fromZero],
  );
  return <EChart option={option} height={height} label={label} />;
}
