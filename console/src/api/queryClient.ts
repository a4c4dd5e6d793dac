import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, NetworkError } from "./errors";

let signedOut: () => void = () => undefined;

/** Called once when any call is answered 401: the app leads to the sign-in page and back. */
export function onSignedOut(handler: () => void): void {
  signedOut = handler;
}

function notice(failure: Error): void {
  if (failure instanceof ApiError && failure.status === 401) signedOut();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      // Refusals do not change by asking again; a network failure may.
      retry: (count, failure) => failure instanceof NetworkError && count < 2,
    },
    mutations: { retry: false },
  },
});
