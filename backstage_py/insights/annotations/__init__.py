"""What happened that charts should show: releases, campaigns, outages."""
