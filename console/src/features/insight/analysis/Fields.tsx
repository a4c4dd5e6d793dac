import { DatePicker, Select } from "antd";
import dayjs from "dayjs";
import { now } from "@/format/clock";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import type { Address } from "@/components/useAddress";

/** One of a few, kept in the address; the usual one is not written there. */
export function Choice<V extends string>({ address, name, label, options, usual, width }: { address: Address; name: string; label: string; options: readonly { value: V; label: string }[]; usual: V; width?: number }) {
  const value = options.find((option) => option.value === address.get(name))?.value ?? usual;
  return (
    <Select<V>
      aria-label={label}
      value={value}
      options={[...options]}
      popupMatchSelectWidth={false}
      onChange={(next) => { address.set({ [name]: next === usual ? undefined : next }); }}
      style={{ minWidth: width ?? 120 }}
    />
  );
}

/** Two days, both counted. */
export function DaysField({ address, label, since, until }: { address: Address; label: string; since: string | undefined; until: string | undefined }) {
  const t = useT();
  const f = useFormat();
  const today = dayjs(f.isoDay(now()));
  const ago = (days: number) => today.subtract(days, "day");
  return (
    <DatePicker.RangePicker
      aria-label={label}
      allowClear={false}
      value={since && until ? [dayjs(since), dayjs(until)] : null}
      disabledDate={(day) => day.isAfter(today)}
      presets={[30, 90, 180, 365].map((days) => ({ label: t("analysis.lastDays", { days }), value: [ago(days), today] }))}
      onChange={(range) => { address.set({ since: range?.[0]?.format("YYYY-MM-DD"), until: range?.[1]?.format("YYYY-MM-DD") }); }}
      style={{ width: 240 }}
    />
  );
}
