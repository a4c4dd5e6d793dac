import { createBrowserRouter, type RouteObject } from "react-router";
import { features } from "@/features/registry";
import type { FeatureRoute } from "./feature";
import { FirstRunPage } from "./FirstRunPage";
import { Allowed, SignedIn } from "./Guard";
import { CrashedPage, NotFoundPage } from "./Notices";
import { Shell } from "./Shell";
import { SignInPage } from "./SignInPage";

function pageRoute({ path, permission, load }: FeatureRoute): RouteObject {
  return {
    path,
    errorElement: <CrashedPage />,
    lazy: async () => {
      const { default: Page } = await load();
      return { Component: () => <Allowed permission={permission}><Page /></Allowed> };
    },
  };
}

export const router = createBrowserRouter([
  { path: "/sign-in", element: <SignInPage />, errorElement: <CrashedPage /> },
  { path: "/first-run", element: <FirstRunPage />, errorElement: <CrashedPage /> },
  {
    element: <SignedIn><Shell /></SignedIn>,
    errorElement: <CrashedPage />,
    hydrateFallbackElement: <></>,
    children: [...features.flatMap((feature) => feature.routes).map(pageRoute), { path: "*", element: <NotFoundPage /> }],
  },
]);
