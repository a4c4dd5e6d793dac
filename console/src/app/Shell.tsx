import { Drawer } from "antd";
import { useState } from "react";
import { Outlet } from "react-router";
import { useIsPhone } from "@/components/useMedia";
import { Header } from "./Header";
import { OfflineBar } from "./OfflineBar";
import { Sidebar } from "./Sidebar";
import "./shell.css";

/** Sidebar, header, page. Below 768 px the sidebar is a drawer. */
export function Shell() {
  const phone = useIsPhone();
  const [menu, setMenu] = useState(false);
  const close = () => { setMenu(false); };
  return (
    <div className="ws-app">
      {phone ? (
        <Drawer open={menu} onClose={close} placement="left" size={240} closable={false} styles={{ body: { padding: 0 }, section: { background: "var(--ws-paper-nav)" } }} className="ws-nav-drawer">
          <Sidebar onNavigate={close} />
        </Drawer>
      ) : (
        <Sidebar />
      )}
      <div className="ws-main">
        <OfflineBar />
        <Header onMenu={() => { setMenu(true); }} />
        <main className="ws-page"><Outlet /></main>
      </div>
    </div>
  );
}
