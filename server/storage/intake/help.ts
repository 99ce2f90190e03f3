// The public side reads the help directory and can change nothing of it.
export { helpVersion, readHelp } from '../help-rows.js'
