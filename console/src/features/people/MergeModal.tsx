import { Alert, Modal } from "antd";
import { useState } from "react";
import { CustomerAvatar } from "@/components/CustomerAvatar";
import { CustomerPicker } from "@/components/Pickers";
import { QueryState } from "@/components/QueryState";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { merge, useMergePreview, useRefreshCustomers, type MergePreview } from "./api";
import { nameOf, rowsText } from "./names";

interface Person {
  id: number;
  name: string;
}

/** `other` left out: it is chosen in the dialog. */
export interface MergeTarget {
  one: Person;
  other?: Person;
}

interface MergeModalProps {
  target: MergeTarget | undefined;
  onClose: () => void;
  /** With the survivor's id. */
  onMerged?: (survivor: number) => void;
}

export function MergeModal({ target, onClose, onMerged }: MergeModalProps) {
  return target && <Dialog key={`${String(target.one.id)}-${String(target.other?.id)}`} target={target} onClose={onClose} {...(onMerged && { onMerged })} />;
}

function Dialog({ target, onClose, onMerged }: MergeModalProps & { target: MergeTarget }) {
  const t = useT();
  const notify = useNotify();
  const refresh = useRefreshCustomers();
  const [picked, setPicked] = useState<number | undefined>(target.other?.id);
  const [busy, setBusy] = useState(false);
  const preview = useMergePreview(target.one.id, picked);

  const run = async () => {
    if (picked === undefined) return;
    setBusy(true);
    try {
      const survivor = await merge(target.one.id, picked);
      onClose();
      onMerged?.(survivor.id);
      notify.done(t("people.merge.done"));
      await refresh();
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      width={640}
      className="ws-people"
      title={t("people.merge.title")}
      onCancel={onClose}
      okText={t("people.merge.verb")}
      cancelText={t("common.action.cancel")}
      okButtonProps={{ disabled: !preview.data || preview.isFetching }}
      confirmLoading={busy}
      onOk={() => { void run(); }}
    >
      {!target.other && (
        <label style={{ display: "block" }}>
          <span className="ws-figure-label">{t("people.merge.pick")}</span>
          <CustomerPicker value={picked === undefined ? [] : [picked]} onChange={(chosen) => { setPicked(chosen[0]); }} placeholder={t("people.merge.pickHint")} />
        </label>
      )}
      {picked !== undefined && <QueryState query={preview}>{(data) => <Preview data={data} />}</QueryState>}
      <p className="ws-small ws-muted">{t("people.merge.rule")}</p>
    </Modal>
  );
}

function Preview({ data }: { data: MergePreview }) {
  const t = useT();
  const moved = rowsText(t, data.absorbed.rows);
  return (
    <>
      <div className="ws-merge-sides">
        <Side title={t("people.merge.survivor")} side={data.survivor} />
        <Side title={t("people.merge.absorbed")} side={data.absorbed} />
      </div>
      {data.declared_split && <Alert type="warning" showIcon title={t("people.merge.declaredSplit")} style={{ marginBottom: 10 }} />}
      {data.both_have_unionids && <Alert type="warning" showIcon title={t("people.merge.twoUnionids")} style={{ marginBottom: 10 }} />}
      <p>{moved ? t("people.merge.moves", { rows: moved }) : t("people.merge.nobody")}</p>
    </>
  );
}

function Side({ title, side }: { title: string; side: MergePreview["survivor"] }) {
  const t = useT();
  const f = useFormat();
  const name = nameOf(t, side);
  return (
    <section className="ws-merge-side">
      <header>{title}</header>
      <span className="ws-who"><CustomerAvatar name={name} url={side.avatar_url} size={28} /><span>{name}<span className="ws-sub">#{side.id}</span></span></span>
      <p className="ws-small ws-ink2" style={{ marginTop: 6 }}>
        {side.first_added_at ? t("people.merge.added", { date: f.date(side.first_added_at) }) : t("people.customer.sinceNever")}
        {" · "}
        {t("people.merge.friends", { count: side.friends })}
      </p>
      <ul className="ws-small ws-muted">
        {side.identities.map((one) => <li key={one.id}>{t.lookup(`people.identity.kinds.${one.kind}`) ?? one.kind} {one.value}</li>)}
      </ul>
    </section>
  );
}
