import { App } from "antd";
import { useEffect, useRef } from "react";
import { useBlocker } from "react-router";
import { useT } from "@/i18n";

/** Asks before unsaved work is left behind. The answer is a function that lets the next step pass: after saving. */
export function useLeaveGuard(dirty: boolean): () => void {
  const t = useT();
  const { modal } = App.useApp();
  const free = useRef(false);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => dirty && !free.current && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    void modal.confirm({
      title: t("segments.builder.leaveTitle"),
      content: t("segments.builder.leaveBody"),
      icon: null,
      okText: t("segments.builder.leave"),
      cancelText: t("segments.builder.stay"),
      onOk: () => { blocker.proceed(); },
      onCancel: () => { blocker.reset(); },
    });
  }, [blocker, modal, t]);
  useEffect(() => {
    free.current = false;
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => { event.preventDefault(); };
    window.addEventListener("beforeunload", ask);
    return () => { window.removeEventListener("beforeunload", ask); };
  }, [dirty]);
  return () => { free.current = true; };
}
