import { QueryClientProvider } from "@tanstack/react-query";
import { App, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { queryClient } from "@/api/queryClient";
import { router } from "@/app/routes";
import { useIsPhone } from "@/components/useMedia";
import { useLanguage } from "@/i18n";
import { acceptLanguage } from "@/i18n/language";
import "@/theme/base.css";
import { cssVariables, theme } from "@/theme/theme";

for (const [name, value] of Object.entries(cssVariables())) document.documentElement.style.setProperty(name, value);

function Console() {
  const language = useLanguage();
  // Fingers need 40 px; and phones zoom in on inputs whose text is smaller than 16 px. A size always: with one only on
  // phones the whole page would be made anew, and what was typed lost, when a tablet is turned.
  const phone = useIsPhone();
  useEffect(() => {
    document.documentElement.lang = acceptLanguage();
    dayjs.locale(language === "zh" ? "zh-cn" : "en");
    // What the API said in the other language (messages, names of roles) is asked for again.
    void queryClient.invalidateQueries();
  }, [language]);
  return (
    <ConfigProvider theme={theme} locale={language === "zh" ? zhCN : enUS} button={{ autoInsertSpace: false }} wave={{ disabled: true }} componentSize={phone ? "large" : "medium"}>
      <App style={{ height: "100%" }} message={{ top: 60 }}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  );
}

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(<StrictMode><Console /></StrictMode>);
