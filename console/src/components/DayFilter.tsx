import { DatePicker } from "antd";
import dayjs from "dayjs";
import { useFormat } from "@/format/useFormat";
import type { CustomFilter } from "./TableToolbar";

interface DayFilterProps {
  values: readonly string[];
  set: (values: string[]) => void;
  label: string;
  end: boolean;
}

/** A day of the company's calendar; in the address stands the instant at which it begins, or at which the day after begins. */
function DayFilter({ values, set, label, end }: DayFilterProps) {
  const f = useFormat();
  return (
    <DatePicker
      placeholder={label}
      aria-label={label}
      style={{ width: 118 }}
      value={values[0] ? dayjs(f.isoDay(new Date(Date.parse(values[0]) - (end ? 1 : 0)))) : null}
      onChange={(day) => { set(day ? [f.dayStart(day.format("YYYY-MM-DD"), end ? 1 : 0)] : []); }}
    />
  );
}

/** Filter "from this day" or, with `end`, "until this day, which still counts". */
export function dayFilter(name: string, label: string, end = false): CustomFilter {
  return { kind: "custom", name, label, render: (values, set) => <DayFilter values={values} set={set} label={label} end={end} /> };
}
