import { Select } from "antd";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { useEventKinds } from "../api";

/** Kinds of events that happened; one that nobody has had yet keeps its code. */
export function EventKindPicker({ value, onChange, status }: { value: string[]; onChange: (value: string[]) => void; status: "error" | undefined }) {
  const t = useT();
  const f = useFormat();
  const { data, isFetching } = useEventKinds();
  const seen = data ?? [];
  const options = [
    ...seen.map((kind) => ({ value: kind.kind, label: kind.name, note: t("segments.field.recently", { count: f.number(kind.recent) }) })),
    ...value.filter((kind) => !seen.some((one) => one.kind === kind)).map((kind) => ({ value: kind, label: kind, note: "" })),
  ];
  return (
    <Select<string[], (typeof options)[number]>
      mode="multiple"
      style={{ width: "100%" }}
      aria-label={t("segments.field.kinds")}
      placeholder={t("segments.field.kinds")}
      value={value}
      onChange={onChange}
      options={options}
      loading={isFetching}
      showSearch={{ optionFilterProp: "label" }}
      popupMatchSelectWidth={false}
      notFoundContent={isFetching ? t("common.table.loading") : t("segments.field.noEvents")}
      optionRender={(option) => <span>{option.data.label} <span className="ws-small ws-muted">{option.data.note}</span></span>}
      {...(status && { status })}
    />
  );
}
