import type { EChartsCoreOption } from "echarts/core";
import { useEffect, useRef } from "react";
import { echarts } from "@/theme/echarts";

/** Any ECharts drawing in the console's theme; keeps its width with the panel. The label says in words what it shows. */
export function EChart({ option, height, label }: { option: EChartsCoreOption; height: number; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<ReturnType<typeof echarts.init>>(undefined);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = echarts.init(element, "wellspring");
    drawn.current = made;
    const observer = new ResizeObserver(() => { made.resize(); });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.dispose();
      drawn.current = undefined;
    };
  }, []);
  useEffect(() => {
    drawn.current?.setOption(option, { notMerge: true });
  }, [option]);
  return <div ref={box} role="img" aria-label={label} style={{ width: "100%", height }} />;
}
