import { useQueryClient } from "@tanstack/react-query";
import { Form, InputNumber, Radio } from "antd";
import { api } from "@/api/client";
import { FormDrawer } from "@/components/FormDrawer";
import { useRefreshList } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { path } from "../api";
import { membershipKey, membershipPath, type Membership } from "./api";

type Mode = "none" | "continuous" | "scheduled";
interface Values {
  mode: Mode;
  every_minutes?: number;
}

const modes: readonly Mode[] = ["continuous", "scheduled", "none"];

interface KeepDrawerProps {
  segment: number;
  membership: Membership | null;
  open: boolean;
  onClose: () => void;
}

/** How the segment is kept: within seconds, by schedule, or not at all. */
export function KeepDrawer({ segment, membership, open, onClose }: KeepDrawerProps) {
  const t = useT();
  const notify = useNotify();
  const client = useQueryClient();
  const refresh = useRefreshList();
  const save = async ({ mode, every_minutes }: Values) => {
    if (mode === "none") await api.delete(membershipPath(segment));
    else await api.put<Membership>(membershipPath(segment), { mode, every_minutes: every_minutes ?? 60 });
    await client.invalidateQueries({ queryKey: membershipKey(segment) });
    await refresh(path);
    notify.done(t(`segments.membership.keep.saved.${mode}`));
  };
  const initial: Values = { mode: (membership?.mode as Mode | undefined) ?? "continuous", every_minutes: membership?.every_minutes ?? 60 };
  return (
    <FormDrawer<Values> key={`${initial.mode}-${String(initial.every_minutes)}`} open={open} width={480} title={t("segments.membership.keep.title")} initial={initial} onClose={onClose} onSubmit={save}>
      {(form) => (
        <>
          <Form.Item name="mode" label={t("segments.membership.keep.mode")}>
            <Radio.Group>
              {modes.map((mode) => (
                <Radio key={mode} value={mode} style={{ display: "flex", alignItems: "flex-start", marginBottom: 10 }}>
                  {t(`segments.membership.mode.${mode}`)}
                  <span className="ws-sub">{t(`segments.membership.keep.about.${mode}`)}</span>
                </Radio>
              ))}
            </Radio.Group>
          </Form.Item>
          <Form.Item noStyle shouldUpdate={(before: Values, after: Values) => before.mode !== after.mode}>
            {() => form.getFieldValue("mode") === "scheduled" && (
              <Form.Item
                name="every_minutes"
                label={t("segments.membership.keep.every")}
                extra={t("segments.membership.keep.everyHelp")}
                rules={[{ required: true, type: "integer", min: 5, max: 10_080, message: t("segments.membership.keep.need") }]}
              >
                <InputNumber<number> min={5} max={10_080} precision={0} suffix={t("segments.settings.unit")} style={{ width: 180 }} />
              </Form.Item>
            )}
          </Form.Item>
        </>
      )}
    </FormDrawer>
  );
}
