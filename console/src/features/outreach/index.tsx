import type { Feature } from "@/app/feature";

const READ = "outreach.broadcast.read";
const WRITE = "outreach.broadcast.write";
const TASKS = "outreach.task.read";

export const feature: Feature = {
  routes: [
    { path: "/outreach/broadcasts", permission: READ, load: () => import("./BroadcastsPage") },
    { path: "/outreach/broadcasts/new", permission: WRITE, load: () => import("./ComposerPage") },
    { path: "/outreach/broadcasts/:broadcastId", permission: READ, load: () => import("./BroadcastPage") },
    { path: "/outreach/broadcasts/:broadcastId/edit", permission: WRITE, load: () => import("./ComposerPage") },
    { path: "/outreach/broadcasts/:broadcastId/rehearsal", permission: WRITE, load: () => import("./RehearsalPage") },
    { path: "/outreach/broadcasts/:broadcastId/result", permission: READ, load: () => import("./ResultPage") },
    { path: "/outreach/tasks", permission: TASKS, load: () => import("./TasksPage") },
  ],
  menu: [
    { section: "retain", label: "outreach.menu.broadcasts", path: "/outreach/broadcasts", permission: READ, order: 10 },
    { section: "retain", label: "outreach.menu.tasks", path: "/outreach/tasks", permission: TASKS, order: 20 },
  ],
};
