import { useState } from "react";
import { Link } from "react-router";
import { ConfirmButton } from "@/components/ConfirmButton";
import { ServerTable, type TableColumn } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { dismiss, paths, useRefreshCustomers, type Duplicate } from "./api";
import { MergeModal, type MergeTarget } from "./MergeModal";
import { nameOf } from "./names";

/** One mobile on several customers: merge them with its owner, or say that they are different people. */
export function DuplicatesTable() {
  const t = useT();
  const f = useFormat();
  const notify = useNotify();
  const refresh = useRefreshCustomers();
  const [target, setTarget] = useState<MergeTarget>();

  const separate = async (row: Duplicate) => {
    const { declared } = await dismiss(row.identity_id);
    await refresh();
    notify.done(t("people.duplicates.dismissed", { count: declared }));
  };
  const columns: TableColumn<Duplicate>[] = [
    { key: "mobile", title: t("people.duplicates.mobile"), card: "title", render: (row) => <span className="ws-nowrap">{row.mobile_masked}</span> },
    { key: "claims", title: t("people.duplicates.claims"), align: "right", render: (row) => f.number(row.claims) },
    {
      key: "people", title: t("people.duplicates.people"),
      render: (row) => {
        const owner = row.customers.find((one) => one.id === row.owner_id);
        return (
          <ul>
            {row.customers.map((one) => (
              <li key={one.id} className="ws-people-verbs">
                <Link to={`/customers/${String(one.id)}`}>{nameOf(t, one)}</Link>
                {one.id === row.owner_id
                  ? <span className="ws-small ws-muted">{t("people.duplicates.owner")}</span>
                  : <button type="button" className="ws-link" onClick={() => { setTarget({ one: owner ?? { id: row.owner_id, name: "" }, other: one }); }}>{t("people.duplicates.merge")}</button>}
              </li>
            ))}
          </ul>
        );
      },
    },
    {
      key: "verbs", title: "", align: "right", card: "extra",
      render: (row) => (
        <ConfirmButton
          size="small"
          question={t("people.duplicates.dismissQuestion", { mobile: row.mobile_masked })}
          consequence={t("people.duplicates.dismissConsequence")}
          verb={t("people.duplicates.dismiss")}
          onConfirm={() => separate(row)}
        />
      ),
    },
  ];
  return (
    <>
      <p className="ws-small ws-muted" style={{ marginBottom: 8 }}>{t("people.duplicates.lede")}</p>
      <ServerTable<Duplicate>
        path={paths.duplicates}
        prefix="d_"
        columns={columns}
        rowKey={(row) => row.identity_id}
        empty={{ title: t("people.duplicates.empty"), hint: t("people.duplicates.emptyHint") }}
      />
      <MergeModal target={target} onClose={() => { setTarget(undefined); }} />
    </>
  );
}
