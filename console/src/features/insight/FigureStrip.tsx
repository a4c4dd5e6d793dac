import { HeroFigure } from "@/components/Figure";
import { Sparkline } from "@/components/Sparkline";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { figure, type FigureData, type Home } from "./api";

/** Five figures over the page, each with what it is measured against and its last 14 days. */
export function FigureStrip({ home }: { home: Home }) {
  const t = useT();
  const f = useFormat();
  const weekday = f.weekday(home.now);
  const write = (one: FigureData, value: number) => {
    if (one.unit === "fen") return f.money(value, { round: true });
    return f.number(value, one.unit === "per_mille" ? 1 : 0);
  };
  const compared = (one: FigureData) =>
    one.compared == null ? t("insight.home.noCompare", { weekday }) : t("insight.home.sameWeekday", { weekday, value: write(one, one.compared) });
  const line = (one: FigureData) =>
    one.series.length > 1 && <Sparkline values={one.series} partial={one.unit !== "per_mille"} label={t("insight.home.series", { values: one.series.map((value) => write(one, value)).join(", ") })} />;
  const shown = (one: FigureData) => (one.value == null ? "–" : write(one, one.value));

  const reach = figure(home, "true_reach");
  const added = figure(home, "new_friends");
  const losses = figure(home, "losses");
  const rate = figure(home, "loss_rate");
  const orders = figure(home, "orders");
  const sales = figure(home, "sales");
  const share = reach?.of ? (reach.value ?? 0) / reach.of : 0;
  const target = f.number(home.loss_target, home.loss_target % 1 === 0 ? 0 : 1);
  return (
    <section className="ws-strip ws-home-strip">
      {reach && (
        <HeroFigure
          label={t("insight.home.reach.label")}
          value={shown(reach)}
          unit={reach.of == null ? undefined : t("insight.home.reach.of", { of: reach.of, share: f.percent(share) })}
          note={<><span className="ws-share"><i style={{ width: `${String(share * 100)}%` }} /></span>{t("insight.home.reach.note")}</>}
        />
      )}
      {added && <HeroFigure label={t("insight.home.newFriends")} value={shown(added)} note={compared(added)}>{line(added)}</HeroFigure>}
      {rate && (
        <HeroFigure
          label={t("insight.home.lossRate")}
          value={shown(rate)}
          tone={(rate.value ?? 0) > home.loss_target ? "loss" : "ink"}
          note={t("insight.home.lossNote", { target, count: losses?.value ?? 0 })}
        >
          {line(rate)}
        </HeroFigure>
      )}
      {orders && <HeroFigure label={t("insight.home.orders")} value={shown(orders)} unit={t("insight.home.ordersUnit")} note={compared(orders)}>{line(orders)}</HeroFigure>}
      {sales && (
        <HeroFigure label={<>{t("insight.home.sales")} <span className="ws-small ws-muted">{t("insight.home.salesNote")}</span></>} value={shown(sales)} note={compared(sales)}>{line(sales)}</HeroFigure>
      )}
    </section>
  );
}
