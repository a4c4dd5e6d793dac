import { Button, Select } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useDebounced } from "@/components/useDebounced";
import { useT } from "@/i18n";
import { useSegment, useSegments } from "./api";

/** A segment among those in use; its rule stands below, so that nobody sends to a name alone. */
export function SegmentField({ value, onChange, id }: { value?: number; onChange?: (value: number | undefined) => void; id?: string }) {
  const t = useT();
  const [typed, setTyped] = useState("");
  const found = useSegments(useDebounced(typed, 250));
  const chosen = useSegment(value).data;
  const options = (found.data?.items ?? []).map((one) => ({ value: one.id, label: one.name }));
  if (chosen && !options.some((one) => one.value === chosen.id)) options.unshift({ value: chosen.id, label: chosen.name });
  if (found.data?.total === 0 && !typed) {
    return (
      <span>
        <span className="ws-muted">{t("outreach.compose.segmentNone")}</span>{" "}
        <Link to="/segments/new"><Button size="small">{t("outreach.compose.segmentMake")}</Button></Link>
      </span>
    );
  }
  return (
    <>
      <Select<number>
        {...(id !== undefined && { id })}
        value={value ?? null}
        onChange={onChange}
        options={options}
        placeholder={t("outreach.compose.segmentHint")}
        aria-label={t("outreach.compose.segment")}
        showSearch={{ filterOption: false, onSearch: setTyped }}
        loading={found.isFetching}
        notFoundContent={t("common.picker.none")}
        style={{ width: "100%" }}
      />
      {chosen && (
        <p className="ws-small ws-muted" style={{ marginTop: 4 }}>
          {chosen.sentence && t("outreach.compose.segmentRule", { sentence: chosen.sentence })}{" "}
          {chosen.last_count !== null && t("outreach.compose.segmentCount", { count: chosen.last_count })}{" "}
          <Link to={`/segments/${String(chosen.id)}`}>{t("common.action.open")}</Link>
        </p>
      )}
    </>
  );
}
