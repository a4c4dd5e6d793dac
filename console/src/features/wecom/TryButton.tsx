import { Button } from "antd";
import { useState } from "react";
import { useCan } from "@/api/session";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import type { Guide } from "./api";
import { useTryConnection } from "./StepForm";

export function TryButton({ guide }: { guide: Guide }) {
  const t = useT();
  const notify = useNotify();
  const manage = useCan()("wecom.connection.manage");
  const tryIt = useTryConnection();
  const [busy, setBusy] = useState(false);
  if (!manage) return null;
  const run = async () => {
    setBusy(true);
    try {
      await tryIt();
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button loading={busy} disabled={!guide.connection.connected} onClick={() => void run()}>
      {t(guide.test ? "wecom.guide.rights.again" : "wecom.guide.rights.run")}
    </Button>
  );
}
