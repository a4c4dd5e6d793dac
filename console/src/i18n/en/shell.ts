import type { SameShape } from "../types";
import type { shell as source } from "../zh/shell";

export const shell: SameShape<typeof source> = {
  brand: "Wellspring",
  section: {
    home: "Home",
    acquire: "Acquire",
    retain: "Retain",
    convert: "Convert",
    customers: "Customers",
    insight: "Insight",
    settings: "Settings",
  },
  menu: { open: "Open the menu", main: "Main navigation" },
  search: {
    placeholder: "Find a customer",
    short: "Find a customer",
    none: "Nobody found. Try another spelling, or fewer letters",
    all: "See all {total}",
  },
  user: { signOut: "Sign out", language: "中文", menu: "Account" },
  offline: "The server does not answer; trying again. What you have not saved is still on the page.",
  freshness: { upTo: "Data up to {time}, {ago}", none: "The warehouse has no data yet" },
  wecom: { connected: "WeCom is connected", notConnected: "WeCom is not connected", lastSync: "Last reconciled {moment}", never: "Not reconciled yet" },
  notFound: { title: "There is no such page", hint: "The address may be wrong, or the page was removed.", back: "Back to home" },
  forbidden: { title: "Your account cannot see this", hint: "It needs the permission {permission}. Ask an administrator to grant it in Settings / Users and roles." },
  crashed: { title: "This page failed", hint: "Reload it. If that does not help, send the text below to an administrator.", reload: "Reload" },
  signIn: {
    title: "Sign in",
    lede: "Treat every customer as a friend: disturb little, be there.",
    login: "Account",
    password: "Password",
    submit: "Sign in",
    needLogin: "Enter your account",
    needPassword: "Enter your password",
    expired: "Your session has ended. Please sign in again.",
  },
  setup: {
    title: "Make the first administrator",
    lede: "There is no account yet. Run this one command on the machine where Wellspring is installed and answer its questions:",
    then: "Then come back to this page and go on to sign in.",
    go: "Go to sign in",
    still: "There is still no administrator. Has the command finished?",
  },
  foot: "Wellspring, the open private-domain platform",
};
