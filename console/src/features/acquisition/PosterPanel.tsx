import { Form, Input, Segmented } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { useMe } from "@/api/session";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { posterPath, qrPath, qrUrl, type LiveCode, type Look } from "./api";

interface Shape {
  name?: string;
  poster?: { title?: string; subtitle?: string; look?: Look };
}

/** The poster as it will be printed, while its words are typed; the file is drawn by the server from what is saved. */
export function PosterPanel({ code, disabled }: { code: LiveCode | undefined; disabled: boolean }) {
  const t = useT();
  const me = useMe();
  const notify = useNotify();
  const [busy, setBusy] = useState(false);
  const form = Form.useFormInstance();
  const shape = Form.useWatch((values: Shape) => values, form);
  const poster = shape?.poster ?? {};
  const download = (path: string, name: string) => {
    setBusy(true);
    api.download(path, { download: true }, name).catch(notify.failed).finally(() => { setBusy(false); });
  };
  const waiting = code?.status === "failed" ? t("acquisition.code.qrFailed") : t("acquisition.code.qrWaiting");
  return (
    <div>
      <div className={`ws-poster is-${poster.look ?? "paper"}`}>
        <div className="ws-poster-brand">{me.company.name}</div>
        <div className="ws-poster-title">{poster.title?.trim() || shape?.name || t("acquisition.code.posterTitle")}</div>
        <div className="ws-poster-qr">{code?.has_qr ? <img src={qrUrl(code)} alt="QR" /> : waiting}</div>
        <div className="ws-poster-sub">{poster.subtitle}</div>
        <div className="ws-poster-hint">{t("acquisition.code.posterHint")}</div>
      </div>
      {code?.has_qr && (
        <div className="ws-poster-links">
          <button type="button" className="ws-link" disabled={busy} onClick={() => { download(posterPath(code), `${code.name}.png`); }}>{t("acquisition.code.posterDownload")}</button>
          <button type="button" className="ws-link" disabled={busy} onClick={() => { download(qrPath(code), `${code.name}-QR.png`); }}>{t("acquisition.code.qrDownload")}</button>
          <span className="ws-small ws-muted">{t("acquisition.code.posterSaved")}</span>
        </div>
      )}
      <div style={{ marginTop: 10 }}>
        <Form.Item name={["poster", "title"]} label={t("acquisition.code.posterTitle")} style={{ marginBottom: 8 }}>
          <Input maxLength={24} placeholder={t("acquisition.code.posterTitleHint")} disabled={disabled} />
        </Form.Item>
        <Form.Item name={["poster", "subtitle"]} label={t("acquisition.code.posterSubtitle")} style={{ marginBottom: 8 }}>
          <Input maxLength={48} disabled={disabled} />
        </Form.Item>
        <Form.Item name={["poster", "look"]} label={t("acquisition.code.posterLook")} style={{ marginBottom: 8 }}>
          <Segmented<Look> size="small" disabled={disabled} options={[{ value: "paper", label: t("acquisition.code.lookPaper") }, { value: "teal", label: t("acquisition.code.lookTeal") }, { value: "ink", label: t("acquisition.code.lookInk") }]} />
        </Form.Item>
      </div>
    </div>
  );
}
