import * as z from 'zod';

// zod would make code of each schema as soon as it is used: that pays after thousands of checks. To be imported before any schema.
z.config({ jitless: true });
