import { useSyncExternalStore } from "react";
import { phoneBelow } from "@/theme/theme";

const phone = window.matchMedia(`(max-width: ${String(phoneBelow - 1)}px)`);

function subscribe(listener: () => void): () => void {
  phone.addEventListener("change", listener);
  return () => { phone.removeEventListener("change", listener); };
}

export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, () => phone.matches);
}
