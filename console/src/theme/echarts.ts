import { BarChart, CustomChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as core from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { chart, meaning, theme } from "./theme";

core.use([BarChart, CustomChart, LineChart, SankeyChart, ScatterChart, GridComponent, MarkLineComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

const label = { color: chart.axisLabel.color, fontSize: chart.axisLabel.size };
const axis = {
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: label,
  splitLine: { lineStyle: { color: chart.grid } },
};

core.registerTheme("wellspring", {
  color: chart.series,
  animation: chart.animation,
  textStyle: { fontFamily: theme.token?.fontFamily, color: meaning.ink },
  categoryAxis: { ...axis, splitLine: { show: false } },
  timeAxis: { ...axis, splitLine: { show: false } },
  valueAxis: axis,
  line: { symbol: "circle", symbolSize: chart.line.endDotRadius * 2, lineStyle: { width: chart.line.width } },
  bar: { itemStyle: { borderRadius: chart.bar.radius } },
  tooltip: {
    backgroundColor: "#FFFFFF",
    borderColor: chart.grid,
    borderWidth: 1,
    padding: [8, 12],
    textStyle: { color: meaning.ink, fontSize: 12 },
    extraCssText: "box-shadow: 0 6px 20px rgba(28, 43, 48, 0.08)",
    axisPointer: { lineStyle: { color: chart.targetLine.color, width: 1 } },
  },
});

export { core as echarts };
