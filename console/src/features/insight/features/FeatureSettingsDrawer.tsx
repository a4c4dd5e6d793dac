import { useQueryClient } from "@tanstack/react-query";
import { Form, InputNumber } from "antd";
import { api } from "@/api/client";
import { FormDrawer } from "@/components/FormDrawer";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { featuresPath, settingsKey, standKey, useFeatureSettings, type FeatureSettings } from "./api";

type Name = keyof FeatureSettings;
interface Field {
  name: Name;
  min: number;
  max: number;
  /** How many digits after the point. */
  digits?: number;
  /** Fen, typed in whole currency. */
  money?: boolean;
  /** Empty means: the median of the buyers. */
  optional?: boolean;
}

const days = (name: Name): Field => ({ name, min: 1, max: 3650 });
const times = (name: Name, min = 1, max = 100): Field => ({ name, min, max });
const gaps = (name: Name): Field => ({ name, min: 0, max: 100, digits: 1 });

/** The limits in the order in which the features are shown, with the bounds of the API. */
const sections: readonly { name: "lifecycle" | "rhythm" | "quadrant" | "traits" | "attention"; fields: readonly Field[] }[] = [
  { name: "lifecycle", fields: [times("established_purchases", 2), days("established_days"), days("decline_from_days"), gaps("decline_gaps"), days("lost_after_days"), gaps("lost_gaps"), { name: "golden_days", min: 1, max: 365 }] },
  { name: "rhythm", fields: [times("rhythm_gaps"), times("gap_weight", 0)] },
  { name: "quadrant", fields: [{ name: "quadrant_value_fen", min: 0, max: 10 ** 10, digits: 2, money: true, optional: true }, { name: "quadrant_orders", min: 0, max: 10_000, digits: 1, optional: true }] },
  { name: "traits", fields: [times("sticky_acts", 1, 365), days("sticky_days"), times("trusting_purchases"), days("trusting_unhurt_days"), days("convertible_days")] },
  { name: "attention", fields: [times("ignoring_touches"), days("ignoring_days"), times("tired_touches"), days("tired_days")] },
];

/** Every limit of the features; whoever changes one has everybody computed anew. */
export function FeatureSettingsDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT();
  const notify = useNotify();
  const client = useQueryClient();
  const { data } = useFeatureSettings(open);
  const save = async (values: FeatureSettings) => {
    const saved = await api.put<FeatureSettings>(`${featuresPath}/settings`, values);
    client.setQueryData(settingsKey, saved);
    await client.invalidateQueries({ queryKey: standKey });
    notify.done(t("features.settings.saved"));
  };
  if (!data) return null;
  return (
    <FormDrawer<FeatureSettings> open={open} width={560} title={t("features.settings.title")} initial={data} footnote={t("features.settings.footnote")} onClose={onClose} onSubmit={save}>
      {sections.map((section) => (
        <section key={section.name}>
          <h3 className="ws-subhead">{t(`features.settings.section.${section.name}`)}</h3>
          <p className="ws-settings-about">{t(`features.settings.about.${section.name}`)}</p>
          <div className="ws-settings-two">{section.fields.map((field) => <LimitField key={field.name} field={field} />)}</div>
        </section>
      ))}
    </FormDrawer>
  );
}

function LimitField({ field }: { field: Field }) {
  const t = useT();
  const f = useFormat();
  const scale = field.money ? 100 : 1;
  const form = Form.useFormInstance<FeatureSettings>();
  const ordered = { decline_from_days: "lost_after_days", decline_gaps: "lost_gaps" } as const;
  const after = Object.entries(ordered).find(([, later]) => later === field.name)?.[0] as Name | undefined;
  return (
    <Form.Item
      name={field.name}
      label={t(`features.settings.field.${field.name}`)}
      {...(after && { dependencies: [after] })}
      getValueProps={(value: number | null) => ({ value: value === null ? null : value / scale })}
      getValueFromEvent={(value: number | null) => (value === null ? null : Math.round(value * scale * 100) / 100)}
      rules={[
        ...(field.optional ? [] : [{ required: true, message: t("common.error.required") }]),
        ...(after ? [{ validator: (_: unknown, value: number | null) => (value !== null && value < Number(form.getFieldValue(after)) ? Promise.reject(new Error(t("features.settings.order"))) : Promise.resolve()) }] : []),
      ]}
    >
      <InputNumber<number>
        min={field.min}
        max={field.max}
        precision={field.digits ?? 0}
        {...(field.money && { prefix: f.currencySymbol })}
        {...(field.optional && { placeholder: t("features.settings.median") })}
      />
    </Form.Item>
  );
}
