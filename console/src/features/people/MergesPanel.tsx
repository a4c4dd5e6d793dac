import { App } from "antd";
import { useNavigate } from "react-router";
import { useCan } from "@/api/session";
import { actorName } from "@/components/actorName";
import { ConfirmButton } from "@/components/ConfirmButton";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { undoMerge, useRefreshCustomers, type Customer, type Merge } from "./api";
import { rowsText } from "./names";

export function MergesPanel({ customer }: { customer: Customer }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const refresh = useRefreshCustomers();
  const { message } = App.useApp();

  const undo = async (merge: Merge) => {
    const alone = await undoMerge(merge.id);
    const key = `undone-${String(merge.id)}`;
    void message.success({
      key,
      duration: 8,
      content: (
        <>
          {t("people.merges.undone", { id: String(merge.absorbed_id) })}{" "}
          <button type="button" className="ws-link" onClick={() => { message.destroy(key); void navigate(`/customers/${String(alone.id)}`); }}>{t("people.merges.open")}</button>
        </>
      ),
    });
    await refresh();
  };
  return (
    <Panel title={t("people.merges.title")}>
      {customer.merges.length === 0
        ? <p className="ws-muted">{t("people.merges.empty")}</p>
        : (
          <ul className="ws-rows">
            {customer.merges.map((merge) => {
              const moved = rowsText(t, merge.rows);
              return (
                <li key={merge.id}>
                  {t("people.merges.line", { id: String(merge.absorbed_id), name: merge.absorbed_name })}
                  <span className="ws-sub" title={f.exact(merge.at)}>{[f.dateTime(merge.at), t.lookup(`people.merges.reasons.${merge.reason}`) ?? merge.reason, actorName(t, merge.actor_name)].filter(Boolean).join(" · ")}</span>
                  {moved && <span className="ws-sub">{t("people.merges.moved", { rows: moved })}</span>}
                  {can("people.customer.merge") && (
                    <ConfirmButton
                      size="small"
                      style={{ marginTop: 6 }}
                      question={t("people.merges.undoQuestion", { id: String(merge.absorbed_id) })}
                      consequence={t("people.merges.undoConsequence")}
                      verb={t("people.merges.undo")}
                      onConfirm={() => undo(merge)}
                    />
                  )}
                </li>
              );
            })}
          </ul>
        )}
    </Panel>
  );
}
