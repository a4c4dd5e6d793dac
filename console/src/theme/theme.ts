import type { ThemeConfig } from "antd";
import tokens from "./tokens.json";

/** Goes to ConfigProvider as it is. */
export const theme: ThemeConfig = tokens.theme as unknown as ThemeConfig;

export const meaning = tokens.custom.meaning;
export const chart = tokens.custom.chart;
export const layout = tokens.custom.layout;

/** Below this width the sidebar is a drawer and tables are lists of cards. */
export const phoneBelow = 768;

/** tokens.json as CSS variables (--ws-ink, --ws-line ...): set once on the root element. */
export function cssVariables(): Record<string, string> {
  const { token } = tokens.theme;
  const { radius, elevation, space } = tokens.custom;
  return {
    "--ws-brand": token.colorPrimary,
    "--ws-brand-hover": token.colorPrimaryHover,
    "--ws-brand-deep": token.colorPrimaryActive,
    "--ws-brand-bg": token.colorPrimaryBg,
    "--ws-brand-bg-strong": token.colorPrimaryBgHover,
    "--ws-brand-line": token.colorPrimaryBorder,
    "--ws-brand-mid": chart.sparkline.line,
    "--ws-ink": token.colorText,
    "--ws-ink-2": token.colorTextSecondary,
    "--ws-ink-3": token.colorTextTertiary,
    "--ws-ink-4": token.colorTextQuaternary,
    "--ws-paper": meaning.paper,
    "--ws-paper-nav": meaning.paperNav,
    "--ws-surface": token.colorBgContainer,
    "--ws-fill": token.colorFillTertiary,
    "--ws-line": token.colorBorderSecondary,
    "--ws-line-strong": token.colorBorder,
    "--ws-needs-you": meaning.needsYou,
    "--ws-needs-you-text": meaning.needsYouText,
    "--ws-needs-you-bg": token.colorWarningBg,
    "--ws-loss": meaning.loss,
    "--ws-loss-text": meaning.lossText,
    "--ws-loss-bg": token.colorErrorBg,
    "--ws-removed": chart.removed,
    "--ws-bar-track": chart.barTrack,
    "--ws-font": token.fontFamily,
    "--ws-font-code": token.fontFamilyCode,
    "--ws-radius": `${String(radius.panel)}px`,
    "--ws-radius-control": `${String(radius.control)}px`,
    "--ws-radius-tag": `${String(radius.tag)}px`,
    "--ws-gap": `${String(space.gap)}px`,
    "--ws-page": `${String(space.page)}px`,
    "--ws-panel": `${String(space.panel)}px`,
    "--ws-drawer-shadow": elevation.drawer,
    "--ws-popover-shadow": elevation.popover,
  };
}
