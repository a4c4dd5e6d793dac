import { PageHeader } from "@/components/PageHeader";
import { QueryState } from "@/components/QueryState";
import { Staleness } from "@/components/Staleness";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { figure, useHome, type Home } from "./api";
import { DayCharts } from "./DayCharts";
import { FigureStrip } from "./FigureStrip";
import { NextSteps } from "./NextSteps";
import { StoresPanel } from "./StoresPanel";
import "./home.css";

export default function HomePage() {
  const home = useHome();
  return <QueryState query={home}>{(data) => <HomeView home={data} />}</QueryState>;
}

function HomeView({ home }: { home: Home }) {
  const t = useT();
  const f = useFormat();
  const day = f.day(home.now);
  const added = figure(home, "new_friends")?.value ?? 0;
  const lost = figure(home, "losses")?.value ?? 0;
  const setup = home.next_steps.filter((step) => step.tone === "setup");
  const waiting = home.next_steps.filter((step) => step.tone === "needs_you").length;
  // Nothing has ever come in: figures would all be empty, the way in is what the page is for.
  const empty = setup.some((step) => step.code === "CONNECT_WECOM") && !figure(home, "true_reach")?.of;
  const title = () => {
    if (empty) return t("insight.home.titleEmpty");
    return added === 0 && lost === 0 ? t("insight.home.titleQuiet") : lost === 0 ? t("insight.home.titleNobodyLeft", { added }) : t("insight.home.title", { added, lost });
  };
  const lede = () => {
    if (empty) return t("insight.home.ledeEmpty", { day });
    return waiting + setup.length > 0 ? t("insight.home.ledeSteps", { day, count: waiting + setup.length }) : t("insight.home.lede", { day });
  };
  const staleness = { at: home.as_of, limitSeconds: 600 };
  return (
    <>
      <PageHeader title={title()} documentTitle={t("shell.section.home")} lede={lede()} actions={!empty && <Staleness {...staleness} />} />
      {!empty && <FigureStrip home={home} />}
      <div className="ws-grid ws-home-grid">
        <NextSteps steps={home.next_steps} setup={empty} />
        {!empty && <StoresPanel home={home} staleness={staleness} />}
      </div>
      {!empty && <DayCharts home={home} staleness={staleness} />}
    </>
  );
}
