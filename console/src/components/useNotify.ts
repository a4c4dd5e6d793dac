import { App } from "antd";
import { useMemo } from "react";
import { ApiError, NetworkError } from "@/api/errors";
import { useT } from "@/i18n";

export interface Notify {
  done: (text: string) => void;
  failed: (error: unknown) => void;
}

/** Short word after an action: what was done, or why the API refused. */
export function useNotify(): Notify {
  const { message } = App.useApp();
  const t = useT();
  return useMemo(
    () => ({
      done: (text) => void message.success(text),
      failed: (error) => {
        if (error instanceof DOMException && error.name === "AbortError") return;
        if (error instanceof ApiError) void message.error(`${error.message} (${error.code})`, 6);
        else void message.error(t(error instanceof NetworkError ? "common.error.unreachable" : "common.error.unexpected"), 6);
      },
    }),
    [message, t],
  );
}
