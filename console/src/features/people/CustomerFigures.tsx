import { useCan } from "@/api/session";
import { Figure } from "@/components/Figure";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { useOrderTotals, type Customer } from "./api";

/** What they bought, when last, since when they are a friend, and of how many. */
export function CustomerFigures({ customer }: { customer: Customer }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const totals = useOrderTotals(customer.id).data;
  const friends = customer.relationships.filter((one) => one.status === "friend").length;
  const waiting = <span className="ws-muted">–</span>;
  return (
    <div className="ws-strip is-compact">
      {can("commerce.order.read") && (
        <Figure
          size="medium"
          label={t("people.customer.net")}
          value={totals ? f.money(totals.net_fen) : waiting}
          note={totals && (totals.orders > 0 ? (totals.refunded_fen ? t("people.customer.netNoteRefunded", { orders: totals.orders, refunded: f.money(totals.refunded_fen) }) : t("people.customer.netNote", { orders: totals.orders })) : t("people.customer.netNoteNone"))}
        />
      )}
      {can("commerce.order.read") && (
        <Figure
          size="medium"
          label={t("people.customer.last")}
          value={totals ? (totals.last_at ? f.relative(totals.last_at) : <span className="ws-muted">{t("people.customer.never")}</span>) : waiting}
          note={totals?.last_at ? f.dateTime(totals.last_at) : undefined}
        />
      )}
      <Figure
        size="medium"
        label={t("people.customer.since")}
        value={customer.first_added_at ? f.date(customer.first_added_at) : <span className="ws-muted">{t("people.customer.sinceNever")}</span>}
        note={customer.first_added_at ? f.relative(customer.first_added_at) : undefined}
      />
      <Figure size="medium" label={t("people.customer.friends")} value={f.number(friends)} note={t("people.customer.friendsNote", { count: customer.relationships.length })} />
    </div>
  );
}
