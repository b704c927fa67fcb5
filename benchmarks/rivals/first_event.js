/** The event that every tracker captures when it starts. */
export const FIRST_EVENT = [
  "click",
  "Booking Service",
  { to: "/catalog/default/component/booking-service", segment: "payments", tier: 1, mark: "mark-0" },
];
