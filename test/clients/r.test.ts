import { r } from './r-driver.ts'
import { passesTheTable } from './table.ts'

passesTheTable(r)
