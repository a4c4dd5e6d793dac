import { Button } from "antd";
import type { ReactNode } from "react";
import { ApiError, NetworkError } from "@/api/errors";
import { useT } from "@/i18n";
import "./states.css";

export interface EmptyStateProps {
  title: ReactNode;
  /** What to do next, in one sentence. */
  hint?: ReactNode;
  action?: ReactNode;
}

/** Never an empty page without the next step. */
export function EmptyState({ title, hint, action }: EmptyStateProps) {
  return (
    <div className="ws-empty">
      <svg width="40" height="16" viewBox="0 0 40 16" aria-hidden="true">
        <ellipse cx="20" cy="8" rx="19" ry="7" />
        <ellipse cx="20" cy="8" rx="11" ry="4" />
        <ellipse cx="20" cy="8" rx="3.5" ry="1.4" className="is-eye" />
      </svg>
      <p className="ws-empty-title">{title}</p>
      {hint && <p className="ws-empty-hint">{hint}</p>}
      {action && <div className="ws-empty-action">{action}</div>}
    </div>
  );
}

/** What went wrong in a sentence, the code and the request number in small, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useT();
  const refusal = error instanceof ApiError ? error : undefined;
  const sentence = refusal?.message ?? (error instanceof NetworkError ? t("common.error.unreachable") : t("common.error.unexpected"));
  return (
    <div className="ws-empty is-error" role="alert">
      <p className="ws-empty-title">{t("common.error.title")}</p>
      <p className="ws-empty-hint">{sentence}</p>
      {refusal && (
        <p className="ws-code">
          {refusal.code}
          {refusal.requestId ? ` · ${refusal.requestId}` : ""}
        </p>
      )}
      {onRetry && (
        <div className="ws-empty-action">
          <Button onClick={onRetry}>{t("common.action.retry")}</Button>
        </div>
      )}
    </div>
  );
}
