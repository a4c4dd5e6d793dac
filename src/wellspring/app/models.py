"""Every table of every domain, for migrations."""

import wellspring.acquisition.models
import wellspring.care.models
import wellspring.commerce.models
import wellspring.insight.models
import wellspring.outreach.models
import wellspring.people.models
import wellspring.platform.auth.models
import wellspring.platform.warehouse.feeds
import wellspring.segments.membership.models
import wellspring.segments.models
import wellspring.segments.tagging.models
import wellspring.wecom.models  # noqa: F401
