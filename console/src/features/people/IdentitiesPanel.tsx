import { useState } from "react";
import { Panel } from "@/components/Panel";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { reveal, type Customer, type Identity } from "./api";

const short = ["mobile", "member_number", "buyer_id"];

export function IdentitiesPanel({ customer }: { customer: Customer }) {
  const t = useT();
  return (
    <Panel title={t("people.identity.title")}>
      {customer.identities.length === 0
        ? <p className="ws-muted">{t("people.identity.empty")}</p>
        : (
          <dl className="ws-kv">
            {customer.identities.map((identity) => <IdentityLine key={identity.id} customer={customer.id} identity={identity} />)}
          </dl>
        )}
    </Panel>
  );
}

/** A mobile stays masked until it is asked for; what was shown is forgotten with the page. */
function IdentityLine({ customer, identity }: { customer: number; identity: Identity }) {
  const t = useT();
  const f = useFormat();
  const notify = useNotify();
  const [clear, setClear] = useState<string>();
  const [busy, setBusy] = useState(false);
  const show = async () => {
    setBusy(true);
    try {
      setClear(await reveal(customer, identity.id));
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <dt>
        {t.lookup(`people.identity.kinds.${identity.kind}`) ?? identity.kind}
        {identity.source && <span className="ws-sub">{identity.source}</span>}
      </dt>
      <dd className="ws-identity" title={f.exact(identity.first_seen_at)}>
        <span className={short.includes(identity.kind) ? "ws-nowrap" : "is-long"}>{clear ?? identity.value}</span>
        {identity.can_reveal && (
          <button type="button" className="ws-link ws-small" disabled={busy} title={t("people.identity.audited")} onClick={() => { if (clear === undefined) void show(); else setClear(undefined); }}>
            {t(clear === undefined ? "people.identity.reveal" : "people.identity.hide")}
          </button>
        )}
      </dd>
    </>
  );
}
