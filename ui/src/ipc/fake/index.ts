// placeholder until the made-up site is written
import type { Transport } from '../wire'
export function fake(): Transport { throw new Error('none') }
