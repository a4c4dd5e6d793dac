import { Select } from "antd";
import { useState } from "react";
import { useT } from "@/i18n";
import { useEventProperties } from "../api";
import type { Path } from "../leaf";

interface PathPickerProps {
  kinds: readonly string[];
  value: Path | null;
  onChange: (path: Path) => void;
  status: "error" | undefined;
}

/** A property of events: chosen from what was seen, or typed with dots between the steps. */
export function PathPicker({ kinds, value, onChange, status }: PathPickerProps) {
  const t = useT();
  const [typed, setTyped] = useState("");
  const { data, isFetching } = useEventProperties(kinds);
  const seen = (data?.properties ?? []).map(({ path, kind }) => ({ value: JSON.stringify(path), label: path.join("."), note: t(`segments.field.propertyKind.${kind}`) }));
  const own = (path: Path) => ({ value: JSON.stringify(path), label: path.join("."), note: "" });
  const steps = typed.split(".").map((step) => step.trim()).filter(Boolean).slice(0, 4);
  const extra = [value ?? [], steps].filter((path) => path.length > 0).map(own);
  const options = [...seen];
  for (const one of extra) if (!options.some((option) => option.value === one.value || (one.label === typed && option.label === typed))) options.push(one);
  return (
    <Select<string, (typeof options)[number]>
      className="ws-leaf-pick"
      aria-label={t("segments.field.property")}
      placeholder={t("segments.field.property")}
      value={value && value.length > 0 ? JSON.stringify(value) : null}
      onChange={(chosen) => { onChange(JSON.parse(chosen) as Path); setTyped(""); }}
      options={options}
      loading={isFetching}
      showSearch={{ optionFilterProp: "label", onSearch: setTyped }}
      popupMatchSelectWidth={false}
      notFoundContent={t(kinds.length === 0 ? "segments.missing.kinds" : "segments.field.noProperties")}
      optionRender={(option) => <span>{option.data.label} <span className="ws-small ws-muted">{option.data.note}</span></span>}
      {...(status && { status })}
    />
  );
}
