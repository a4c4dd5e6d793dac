import { CloseOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { useT } from "@/i18n";
import { useEventProperties } from "../api";
import { Choice, ComparisonFigures, operators, withOperator } from "../Fields";
import { emptyFilter, type Operator, type Path, type PropertyFilter } from "../leaf";
import { PathPicker } from "./PathPicker";
import { errorIf } from "./shared";

interface PropertyFiltersProps {
  kinds: readonly string[];
  value: PropertyFilter[];
  onChange: (filters: PropertyFilter[]) => void;
  /** Whether a field is wrong, by its path below the filters: "0.path". */
  wrong: (field: string) => boolean;
}

const mostFilters = 10;

/** Conditions on what the events carry, one a line; all of them hold. */
export function PropertyFilters({ kinds, value, onChange, wrong }: PropertyFiltersProps) {
  const t = useT();
  const set = (index: number, filter: PropertyFilter) => { onChange(value.map((one, at) => (at === index ? filter : one))); };
  return (
    <>
      {value.map((filter, index) => (
        // Lines have no identity of their own, and nothing in them but these values.
        <span key={`filter-${String(index)}`} className="ws-leaf-sub">
          <span className="ws-leaf-word">{t("segments.field.where")}</span>
          <Filter kinds={kinds} filter={filter} onChange={(next) => { set(index, next); }} wrong={(field) => wrong(field ? `${String(index)}.${field}` : String(index))} />
          <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t("segments.field.removeFilter")} onClick={() => { onChange(value.filter((_, at) => at !== index)); }} />
        </span>
      ))}
      {kinds.length > 0 && value.length < mostFilters && (
        <button type="button" className="ws-link ws-leaf-word ws-small" onClick={() => { onChange([...value, emptyFilter()]); }}>{t("segments.field.addFilter")}</button>
      )}
    </>
  );
}

type Way = "texts" | "exists" | Operator;
const wayOf = (filter: PropertyFilter): Way => filter.comparison?.operator ?? (filter.exists ? "exists" : "texts");

function Filter({ kinds, filter, onChange, wrong }: { kinds: readonly string[]; filter: PropertyFilter; onChange: (filter: PropertyFilter) => void; wrong: (field: string) => boolean }) {
  const t = useT();
  const { data } = useEventProperties(kinds);
  const kindOf = (path: Path) => data?.properties.find((one) => JSON.stringify(one.path) === JSON.stringify(path));
  const seen = kindOf(filter.path);
  const setWay = (way: Way, path = filter.path) => {
    if (way === "texts" || way === "exists") onChange({ path, texts: way === "texts" ? filter.texts : [], comparison: null, exists: way === "exists" ? true : null });
    else onChange({ path, texts: [], exists: null, comparison: withOperator(filter.comparison ?? { operator: way, value: null }, way) });
  };
  const setPath = (path: Path) => {
    // A property of another type is compared in another way; one of the same type keeps what was filled in.
    const kind = kindOf(path)?.kind;
    if (kind === "number" && !filter.comparison) setWay(">=", path);
    else if (kind === "text" && (filter.comparison || filter.exists)) setWay("texts", path);
    else onChange({ ...filter, path });
  };
  return (
    <>
      <PathPicker kinds={kinds} value={filter.path} onChange={setPath} status={errorIf(wrong("path"))} />
      <Choice<Way>
        value={wayOf(filter)}
        onChange={setWay}
        label={t("segments.field.operator.label")}
        options={[
          ["texts", t("segments.field.way.texts")],
          ...operators.map(([operator, word]) => [operator, t(`segments.field.operator.${word}`)] as const),
          ["exists", t("segments.field.way.exists")],
        ]}
      />
      {filter.comparison && <ComparisonFigures value={filter.comparison} onChange={(comparison) => { onChange({ ...filter, comparison }); }} status={errorIf(wrong("comparison"))} />}
      {wayOf(filter) === "texts" && (
        <Select<string[]>
          mode="tags"
          className="ws-leaf-pick"
          aria-label={t("segments.field.texts")}
          placeholder={t("segments.field.texts")}
          value={filter.texts}
          onChange={(texts) => { onChange({ ...filter, texts }); }}
          options={(seen?.values ?? []).map((text) => ({ value: text, label: text }))}
          popupMatchSelectWidth={false}
          {...(wrong("texts") && { status: "error" })}
        />
      )}
    </>
  );
}
