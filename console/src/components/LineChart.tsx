import { useMemo } from "react";
import { chart, meaning } from "@/theme/theme";
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
  /** Start the scale at zero (default); levels that never come near zero may start elsewhere. */
  fromZero?: boolean;
}

/** Lines named at their end instead of a legend; names that would overlap move apart. */
export function LineChart({ x, lines, format, axisFormat = format, target, height = 200, label, labelWidth = 110, fromZero = true }: LineChartProps) {
  const option = useMemo(
    () => ({
      grid: { left: 4, right: labelWidth, top: 14, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      tooltip: { trigger: "axis", valueFormatter: (value: unknown) => (typeof value === "number" ? format(value) : "–") },
      xAxis: { type: "category", data: [...x], boundaryGap: false, axisLabel: { hideOverlap: true, showMaxLabel: true, alignMinLabel: "left", alignMaxLabel: "right" } },
      yAxis: { type: "value", splitNumber: 4, scale: !fromZero, axisLabel: { formatter: (value: number) => axisFormat(value) } },
      series: lines.map((line, index) => {
        const { line: colour, text } = tones[line.tone ?? (index === 0 ? "brand" : "mid")];
        const last = line.values.findLastIndex((value) => value !== null);
        const value = line.values[last];
        return {
          type: "line",
          name: line.name,
          data: line.values.map((v, i) => (i === last ? { value: v, symbol: "circle" } : { value: v, symbol: "none" })),
          symbolSize: chart.line.endDotRadius * 2,
          showSymbol: true,
          itemStyle: { color: colour },
          lineStyle: { color: colour, width: index === 0 ? chart.line.emphasisWidth : chart.line.width },
          endLabel: { show: true, color: text, fontSize: 12, distance: 8, lineHeight: 17, formatter: line.endLabel ?? `${line.name} ${typeof value === "number" ? format(value) : ""}` },
          labelLayout: { moveOverlap: "shiftY" },
          ...(index === 0 && target && {
            markLine: {
              silent: true,
              symbol: "none",
              data: [{ yAxis: target.value }],
              lineStyle: { color: chart.targetLine.color, type: chart.targetLine.dash, width: chart.targetLine.width },
              label: { position: "insideStartTop", formatter: target.label, color: chart.axisLabel.color, fontSize: 12 },
            },
          }),
        };
      }),
    }),
    [x, lines, format, axisFormat, target, labelWidth, fromZero],
  );
  return <EChart option={option} height={height} label={label} />;
}
