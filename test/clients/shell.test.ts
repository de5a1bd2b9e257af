import { shellDriver } from './shell-driver.ts'
import { passesTheTable } from './table.ts'

passesTheTable(shellDriver('dash', 'curl'))
