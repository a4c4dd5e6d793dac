import type { Leaf } from "./leaf";
import { BoughtFields } from "./leaves/BoughtFields";
import { BucketFields } from "./leaves/BucketFields";
import { EventsFields } from "./leaves/EventsFields";
import { FeatureFields } from "./leaves/FeatureFields";
import { GroupFields } from "./leaves/GroupFields";
import { OrdersFields } from "./leaves/OrdersFields";
import { ProfileFields } from "./leaves/ProfileFields";
import { RelationshipFields } from "./leaves/RelationshipFields";
import { SegmentFields } from "./leaves/SegmentFields";
import { SequenceFields } from "./leaves/SequenceFields";
import type { LeafProps } from "./leaves/shared";
import { TagFields } from "./leaves/TagFields";
import { TouchFields } from "./leaves/TouchFields";

/** The fields of one condition, by its kind. */
export function LeafFields({ leaf, onChange, ...rest }: LeafProps<Leaf>) {
  switch (leaf.kind) {
    case "tag": return <TagFields leaf={leaf} onChange={onChange} {...rest} />;
    case "relationship": return <RelationshipFields leaf={leaf} onChange={onChange} {...rest} />;
    case "touch": return <TouchFields leaf={leaf} onChange={onChange} {...rest} />;
    case "group": return <GroupFields leaf={leaf} onChange={onChange} {...rest} />;
    case "orders": return <OrdersFields leaf={leaf} onChange={onChange} {...rest} />;
    case "profile": return <ProfileFields leaf={leaf} onChange={onChange} {...rest} />;
    case "bought": return <BoughtFields leaf={leaf} onChange={onChange} {...rest} />;
    case "events": return <EventsFields leaf={leaf} onChange={onChange} {...rest} />;
    case "sequence": return <SequenceFields leaf={leaf} onChange={onChange} {...rest} />;
    case "feature": return <FeatureFields leaf={leaf} onChange={onChange} {...rest} />;
    case "segment": return <SegmentFields leaf={leaf} onChange={onChange} {...rest} />;
    case "bucket": return <BucketFields leaf={leaf} onChange={onChange} {...rest} />;
  }
}
