import { DatePicker, InputNumber, Select } from "antd";
import dayjs from "dayjs";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import type { ComparisonValue, Operator, WindowValue } from "./leaf";

interface FieldProps<T> {
  value: T;
  onChange: (value: T) => void;
  status?: "error" | undefined;
}

/** A short choice with its name for screen readers. */
export function Choice<T extends string>({ value, onChange, label, options, status }: FieldProps<T> & { label: string; options: readonly (readonly [T, string])[] }) {
  return (
    <Select<T>
      value={value}
      onChange={onChange}
      aria-label={label}
      popupMatchSelectWidth={false}
      options={options.map(([key, text]) => ({ value: key, label: text }))}
      {...(status && { status })}
    />
  );
}

const today = () => dayjs().format("YYYY-MM-DD");

export function WindowField({ value, onChange, status, label }: FieldProps<WindowValue> & { label?: string }) {
  const t = useT();
  const change = (kind: WindowValue["kind"]) => {
    if (kind === "ever") onChange({ kind });
    else if (kind === "rolling") onChange({ kind, days: 30 });
    else onChange({ kind, start: dayjs().subtract(30, "day").format("YYYY-MM-DD"), end: today() });
  };
  return (
    <>
      <Choice<WindowValue["kind"]>
        value={value.kind}
        onChange={change}
        label={label ?? t("segments.field.window.label")}
        options={[["ever", t("segments.field.window.ever")], ["rolling", t("segments.field.window.rolling")], ["between", t("segments.field.window.between")]]}
      />
      {value.kind === "rolling" && (
        <span className="ws-leaf-pair">
          <InputNumber<number> aria-label={t("segments.field.window.days")} min={1} max={36_500} precision={0} value={value.days} onChange={(days) => { onChange({ kind: "rolling", days }); }} style={{ width: 72 }} {...(status && { status })} />
          <span className="ws-leaf-word">{t("segments.field.window.days")}</span>
        </span>
      )}
      {value.kind === "between" && (
        <DatePicker.RangePicker
          aria-label={t("segments.field.window.between")}
          allowClear={false}
          value={[value.start ? dayjs(value.start) : null, value.end ? dayjs(value.end) : null]}
          onChange={(range) => { onChange({ kind: "between", start: range?.[0]?.format("YYYY-MM-DD") ?? null, end: range?.[1]?.format("YYYY-MM-DD") ?? null }); }}
          style={{ width: 236 }}
          {...(status && { status })}
        />
      )}
    </>
  );
}

interface ComparisonProps extends FieldProps<ComparisonValue> {
  /** Written behind the figure. */
  unit?: string | undefined;
  /** The value is fen, shown and typed in whole currency. */
  money?: boolean;
  /** Below it nothing makes sense: 0 for what is counted. */
  min?: number | undefined;
}

export const operators: readonly (readonly [Operator, "gte" | "lte" | "eq" | "between"])[] = [[">=", "gte"], ["<=", "lte"], ["=", "eq"], ["between", "between"]];

/** The same figures under another operator. */
export function withOperator(value: ComparisonValue, operator: Operator): ComparisonValue {
  const first = value.operator === "between" ? value.low : value.value;
  return operator === "between" ? { operator, low: first ?? null, high: value.high ?? first ?? null } : { operator, value: first ?? null };
}

export function ComparisonField(props: ComparisonProps) {
  const t = useT();
  return (
    <>
      <Choice<Operator>
        value={props.value.operator}
        onChange={(operator) => { props.onChange(withOperator(props.value, operator)); }}
        label={t("segments.field.operator.label")}
        options={operators.map(([operator, word]) => [operator, t(`segments.field.operator.${word}`)] as const)}
      />
      <ComparisonFigures {...props} />
    </>
  );
}

/** The one or two figures of a comparison. */
export function ComparisonFigures({ value, onChange, status, unit, money = false, min }: ComparisonProps) {
  const t = useT();
  const f = useFormat();
  const scale = money ? 100 : 1;
  const number = (key: "value" | "low" | "high") => (
    <InputNumber<number>
      aria-label={t(`segments.field.${key}`)}
      precision={money ? 2 : 0}
      {...(min !== undefined && { min })}
      value={value[key] == null ? null : value[key] / scale}
      onChange={(next) => { onChange({ ...value, [key]: next == null ? null : Math.round(next * scale) }); }}
      {...(money && { prefix: f.currencySymbol })}
      style={{ width: money ? 112 : 80 }}
      {...(status && { status })}
    />
  );
  return (
    <span className="ws-leaf-pair">
      {value.operator === "between" ? (
        <>
          {number("low")}
          <span className="ws-leaf-word">{t("segments.field.to")}</span>
          {number("high")}
        </>
      ) : number("value")}
      {unit && <span className="ws-leaf-word">{unit}</span>}
    </span>
  );
}
