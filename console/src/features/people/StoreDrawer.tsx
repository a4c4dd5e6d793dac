import { useQueryClient } from "@tanstack/react-query";
import { Form, Input, InputNumber, Radio } from "antd";
import { FormDrawer } from "@/components/FormDrawer";
import { useRefreshList } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { changeDepartment, organisationKey, paths, type Department } from "./api";

interface Values {
  kind: Department["kind"];
  code: string;
  city: string;
  address: string;
  hours: string;
  latitude: number | null;
  longitude: number | null;
}

const kinds = ["department", "region", "store"] as const;

function valuesOf(department: Department | undefined): Values {
  const store = department?.store;
  return {
    kind: department?.kind ?? "department",
    code: store?.code ?? "",
    city: store?.city ?? "",
    address: store?.address ?? "",
    hours: store?.hours ?? "",
    latitude: store?.latitude ?? null,
    longitude: store?.longitude ?? null,
  };
}

/** Only what differs goes to the API: what is not sent stays as it is. */
function changed(before: Values, after: Values): Partial<Values> {
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(before) as (keyof Values)[]) {
    if (after.kind !== "store" && name !== "kind") continue;
    const raw = after[name];
    const value = typeof raw === "string" ? raw.trim() : raw ?? (typeof before[name] === "string" ? "" : null);
    if (value !== before[name]) out[name] = value;
  }
  return out;
}

export function StoreDrawer({ department, onClose }: { department: Department | undefined; onClose: () => void }) {
  const t = useT();
  const notify = useNotify();
  const client = useQueryClient();
  const refresh = useRefreshList();
  const before = valuesOf(department);

  const save = async (values: Values) => {
    if (!department) return;
    const body = changed(before, values);
    // A new store gets a code by itself; an empty one would take it away.
    if (body.code === "") delete body.code;
    if (Object.keys(body).length === 0) {
      notify.done(t("people.store.same"));
      return;
    }
    client.setQueryData(organisationKey, await changeDepartment(department.id, body));
    await Promise.all([refresh(paths.staff), client.invalidateQueries({ queryKey: ["picker"] })]);
    notify.done(t("people.store.saved", { name: department.name }));
  };
  return (
    <FormDrawer<Values>
      key={department?.id ?? 0}
      open={department !== undefined}
      width={480}
      title={<>{t("people.store.title")} <span style={{ marginInlineStart: 8 }}>{department?.name}</span></>}
      initial={before}
      onClose={onClose}
      onSubmit={save}
    >
      <Form.Item name="kind" label={t("people.store.kind")} extra={t("people.store.kindHelp")}>
        <Radio.Group optionType="button" options={kinds.map((value) => ({ value, label: t(`people.organisation.kinds.${value}`) }))} />
      </Form.Item>
      <Form.Item noStyle shouldUpdate={(old: Values, next: Values) => old.kind !== next.kind}>
        {({ getFieldValue }) => getFieldValue("kind") === "store" && <StoreFields known={department?.store != null} />}
      </Form.Item>
    </FormDrawer>
  );
}

function StoreFields({ known }: { known: boolean }) {
  const t = useT();
  // Both coordinates or none; each looks at the other.
  const together = (other: "latitude" | "longitude") => ({ getFieldValue }: { getFieldValue: (name: string) => unknown }) => ({
    validator: (_: unknown, value: unknown) => ((value == null) === (getFieldValue(other) == null) ? Promise.resolve() : Promise.reject(new Error(t("people.store.both")))),
  });
  return (
    <>
      <Form.Item name="code" label={t("people.store.code")} extra={t("people.store.codeHelp")} rules={known ? [{ required: true, whitespace: true, message: t("people.store.needCode") }] : []}>
        <Input maxLength={40} />
      </Form.Item>
      <div className="ws-two">
        <Form.Item name="city" label={t("people.store.city")}><Input maxLength={40} /></Form.Item>
        <Form.Item name="hours" label={t("people.store.hours")}><Input maxLength={100} placeholder={t("people.store.hoursHint")} /></Form.Item>
      </div>
      <Form.Item name="address" label={t("people.store.address")}><Input maxLength={200} /></Form.Item>
      <div className="ws-two">
        <Form.Item name="latitude" label={t("people.store.latitude")} dependencies={["longitude"]} rules={[together("longitude")]}>
          <InputNumber<number> min={-90} max={90} precision={6} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="longitude" label={t("people.store.longitude")} dependencies={["latitude"]} rules={[together("latitude")]} extra={t("people.store.coordinatesHelp")}>
          <InputNumber<number> min={-180} max={180} precision={6} style={{ width: "100%" }} />
        </Form.Item>
      </div>
    </>
  );
}
