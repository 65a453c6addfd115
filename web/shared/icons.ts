// The icons that screens and the map draw, as Tabler's outlines on a 24 grid.
// One table serves both, so a department looks the same in a list and on the map.
import { __iconNode as adjustments } from "@tabler/icons-react/dist/esm/icons/IconAdjustmentsHorizontal.mjs";
import { __iconNode as alert } from "@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs";
import { __iconNode as merge } from "@tabler/icons-react/dist/esm/icons/IconArrowMerge.mjs";
import { __iconNode as split } from "@tabler/icons-react/dist/esm/icons/IconArrowsSplit2.mjs";
import { __iconNode as ban } from "@tabler/icons-react/dist/esm/icons/IconBan.mjs";
import { __iconNode as barrier } from "@tabler/icons-react/dist/esm/icons/IconBarrierBlock.mjs";
import { __iconNode as biohazard } from "@tabler/icons-react/dist/esm/icons/IconBiohazard.mjs";
import { __iconNode as bolt } from "@tabler/icons-react/dist/esm/icons/IconBolt.mjs";
import { __iconNode as briefcase } from "@tabler/icons-react/dist/esm/icons/IconBriefcase.mjs";
import { __iconNode as bug } from "@tabler/icons-react/dist/esm/icons/IconBug.mjs";
import { __iconNode as building } from "@tabler/icons-react/dist/esm/icons/IconBuilding.mjs";
import { __iconNode as store } from "@tabler/icons-react/dist/esm/icons/IconBuildingStore.mjs";
import { __iconNode as bulb } from "@tabler/icons-react/dist/esm/icons/IconBulb.mjs";
import { __iconNode as camera } from "@tabler/icons-react/dist/esm/icons/IconCamera.mjs";
import { __iconNode as car } from "@tabler/icons-react/dist/esm/icons/IconCar.mjs";
import { __iconNode as check } from "@tabler/icons-react/dist/esm/icons/IconCheck.mjs";
import { __iconNode as chevron } from "@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs";
import { __iconNode as circleCheck } from "@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs";
import { __iconNode as clock } from "@tabler/icons-react/dist/esm/icons/IconClock.mjs";
import { __iconNode as offline } from "@tabler/icons-react/dist/esm/icons/IconCloudOff.mjs";
import { __iconNode as crosshair } from "@tabler/icons-react/dist/esm/icons/IconCurrentLocation.mjs";
import { __iconNode as apps } from "@tabler/icons-react/dist/esm/icons/IconDeviceMobile.mjs";
import { __iconNode as more } from "@tabler/icons-react/dist/esm/icons/IconDots.mjs";
import { __iconNode as droplet } from "@tabler/icons-react/dist/esm/icons/IconDroplet.mjs";
import { __iconNode as flame } from "@tabler/icons-react/dist/esm/icons/IconFlame.mjs";
import { __iconNode as flag } from "@tabler/icons-react/dist/esm/icons/IconFlag.mjs";
import { __iconNode as history } from "@tabler/icons-react/dist/esm/icons/IconHistory.mjs";
import { __iconNode as inbox } from "@tabler/icons-react/dist/esm/icons/IconInbox.mjs";
import { __iconNode as language } from "@tabler/icons-react/dist/esm/icons/IconLanguage.mjs";
import { __iconNode as layers } from "@tabler/icons-react/dist/esm/icons/IconStack2.mjs";
import { __iconNode as lock } from "@tabler/icons-react/dist/esm/icons/IconLock.mjs";
import { __iconNode as logout } from "@tabler/icons-react/dist/esm/icons/IconLogout.mjs";
import { __iconNode as mail } from "@tabler/icons-react/dist/esm/icons/IconMail.mjs";
import { __iconNode as map } from "@tabler/icons-react/dist/esm/icons/IconMap2.mjs";
import { __iconNode as pin } from "@tabler/icons-react/dist/esm/icons/IconMapPin.mjs";
import { __iconNode as unplaced } from "@tabler/icons-react/dist/esm/icons/IconMapPinQuestion.mjs";
import { __iconNode as message } from "@tabler/icons-react/dist/esm/icons/IconMessage.mjs";
import { __iconNode as minus } from "@tabler/icons-react/dist/esm/icons/IconMinus.mjs";
import { __iconNode as moon } from "@tabler/icons-react/dist/esm/icons/IconMoon.mjs";
import { __iconNode as parking } from "@tabler/icons-react/dist/esm/icons/IconParking.mjs";
import { __iconNode as paw } from "@tabler/icons-react/dist/esm/icons/IconPaw.mjs";
import { __iconNode as pencil } from "@tabler/icons-react/dist/esm/icons/IconPencil.mjs";
import { __iconNode as phone } from "@tabler/icons-react/dist/esm/icons/IconPhone.mjs";
import { __iconNode as pipeline } from "@tabler/icons-react/dist/esm/icons/IconPipeline.mjs";
import { __iconNode as pause } from "@tabler/icons-react/dist/esm/icons/IconPlayerPause.mjs";
import { __iconNode as play } from "@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs";
import { __iconNode as plug } from "@tabler/icons-react/dist/esm/icons/IconPlug.mjs";
import { __iconNode as plus } from "@tabler/icons-react/dist/esm/icons/IconPlus.mjs";
import { __iconNode as recycle } from "@tabler/icons-react/dist/esm/icons/IconRecycle.mjs";
import { __iconNode as refresh } from "@tabler/icons-react/dist/esm/icons/IconRefresh.mjs";
import { __iconNode as reopen } from "@tabler/icons-react/dist/esm/icons/IconRotateClockwise.mjs";
import { __iconNode as ripple } from "@tabler/icons-react/dist/esm/icons/IconRipple.mjs";
import { __iconNode as road } from "@tabler/icons-react/dist/esm/icons/IconRoad.mjs";
import { __iconNode as route } from "@tabler/icons-react/dist/esm/icons/IconRoute.mjs";
import { __iconNode as search } from "@tabler/icons-react/dist/esm/icons/IconSearch.mjs";
import { __iconNode as shield } from "@tabler/icons-react/dist/esm/icons/IconShield.mjs";
import { __iconNode as shieldCheck } from "@tabler/icons-react/dist/esm/icons/IconShieldCheck.mjs";
import { __iconNode as spray } from "@tabler/icons-react/dist/esm/icons/IconSpray.mjs";
import { __iconNode as sun } from "@tabler/icons-react/dist/esm/icons/IconSun.mjs";
import { __iconNode as tools } from "@tabler/icons-react/dist/esm/icons/IconTools.mjs";
import { __iconNode as traffic } from "@tabler/icons-react/dist/esm/icons/IconTrafficLights.mjs";
import { __iconNode as trash } from "@tabler/icons-react/dist/esm/icons/IconTrash.mjs";
import { __iconNode as tree } from "@tabler/icons-react/dist/esm/icons/IconTree.mjs";
import { __iconNode as truck } from "@tabler/icons-react/dist/esm/icons/IconTruck.mjs";
import { __iconNode as urgent } from "@tabler/icons-react/dist/esm/icons/IconUrgent.mjs";
import { __iconNode as user } from "@tabler/icons-react/dist/esm/icons/IconUser.mjs";
import { __iconNode as users } from "@tabler/icons-react/dist/esm/icons/IconUsers.mjs";
import { __iconNode as volume } from "@tabler/icons-react/dist/esm/icons/IconVolume.mjs";
import { __iconNode as world } from "@tabler/icons-react/dist/esm/icons/IconWorld.mjs";
import { __iconNode as close } from "@tabler/icons-react/dist/esm/icons/IconX.mjs";

const table = {
  adjustments, alert, apps, ban, barrier, "barrier-block": barrier, biohazard, bolt, briefcase, bug, building,
  "building-store": store, bulb, camera, car, check, chevron, "circle-check": circleCheck, clock, close, crosshair,
  droplet, flag, flame, history, inbox, language, layers, lock, logout, mail, map, "map-pin": pin, merge, message,
  minus, moon, more, offline, parking, pause, paw, pencil, phone, pin, pipeline, play, plug, plus, recycle, refresh,
  reopen, ripple, road, route, search, shield, "shield-check": shieldCheck, split, spray, sun, tools, traffic,
  "traffic-lights": traffic, trash, tree, truck, unplaced, urgent, user, users, volume, world,
} satisfies Record<string, Shapes>;

export type Shapes = [tag: string, attributes: Record<string, string>][];
export type IconName = keyof typeof table;

// shapes is the icon of a name from the catalogue, or a plain flag for a name
// that this build doesn't know.
export function shapes(name: string): Shapes {
  return (table as Record<string, Shapes>)[name] ?? table.flag;
}
