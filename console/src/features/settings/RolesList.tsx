import type { UseQueryResult } from "@tanstack/react-query";
import { QueryState } from "@/components/QueryState";
import { Panel } from "@/components/Panel";
import { useT } from "@/i18n";
import type { Role } from "./api";

/** Each role with everything it may do, in words and with the permission's name. */
export function RolesList({ roles }: { roles: UseQueryResult<Role[]> }) {
  const t = useT();
  return (
    <QueryState query={roles}>
      {(list) => (
        <Panel title={t("settings.roles.title")} sub={t("settings.roles.note")}>
          <ul className="ws-rows">
            {list.map((role) => (
              <li key={role.name}>
                <details>
                  <summary className="ws-role">
                    <strong>{role.label}</strong>
                    <span className="ws-muted ws-small">{t("settings.roles.permissions", { count: role.permissions.length })}</span>
                    <span className="ws-muted ws-small">{t("settings.roles.users", { count: role.users })}</span>
                  </summary>
                  <ul className="ws-role-permissions">
                    {role.permissions.map((permission) => (
                      <li key={permission.name}>
                        {permission.label} <code className="ws-code">{permission.name}</code>
                      </li>
                    ))}
                  </ul>
                </details>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </QueryState>
  );
}
