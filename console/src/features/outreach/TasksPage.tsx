import { Link } from "react-router";
import { Button } from "antd";
import { useCan } from "@/api/session";
import { PageHeader } from "@/components/PageHeader";
import { useT } from "@/i18n";
import { tasksPath } from "./api";
import { TasksTable } from "./TasksTable";

export default function TasksPage() {
  const t = useT();
  const can = useCan();
  const action = can("outreach.broadcast.write") && <Link to="/outreach/broadcasts/new"><Button>{t("outreach.list.add")}</Button></Link>;
  return (
    <>
      <PageHeader crumbs={[{ label: t("outreach.section") }, { label: t("outreach.menu.tasks") }]} title={t("outreach.menu.tasks")} lede={t("outreach.task.lede")} />
      <TasksTable path={tasksPath} withBroadcast empty={{ title: t("outreach.task.empty"), hint: t("outreach.task.emptyHint"), action }} />
    </>
  );
}
