// The icons that screens and the map draw, as Tabler's outlines on a 24 grid.
// One table serves both, so a department looks the same in a list and on the map.
import { __iconNode as adjustmentsHorizontal } from "@tabler/icons-react/dist/esm/icons/IconAdjustmentsHorizontal.mjs";
import { __iconNode as alertOctagon } from "@tabler/icons-react/dist/esm/icons/IconAlertOctagon.mjs";
import { __iconNode as alertTriangle } from "@tabler/icons-react/dist/esm/icons/IconAlertTriangle.mjs";
import { __iconNode as armchair } from "@tabler/icons-react/dist/esm/icons/IconArmchair.mjs";
import { __iconNode as arrowBackUp } from "@tabler/icons-react/dist/esm/icons/IconArrowBackUp.mjs";
import { __iconNode as arrowMerge } from "@tabler/icons-react/dist/esm/icons/IconArrowMerge.mjs";
import { __iconNode as arrowsExchange } from "@tabler/icons-react/dist/esm/icons/IconArrowsExchange.mjs";
import { __iconNode as arrowsSplit2 } from "@tabler/icons-react/dist/esm/icons/IconArrowsSplit2.mjs";
import { __iconNode as axe } from "@tabler/icons-react/dist/esm/icons/IconAxe.mjs";
import { __iconNode as backhoe } from "@tabler/icons-react/dist/esm/icons/IconBackhoe.mjs";
import { __iconNode as ban } from "@tabler/icons-react/dist/esm/icons/IconBan.mjs";
import { __iconNode as barrierBlock } from "@tabler/icons-react/dist/esm/icons/IconBarrierBlock.mjs";
import { __iconNode as beach } from "@tabler/icons-react/dist/esm/icons/IconBeach.mjs";
import { __iconNode as bed } from "@tabler/icons-react/dist/esm/icons/IconBed.mjs";
import { __iconNode as biohazard } from "@tabler/icons-react/dist/esm/icons/IconBiohazard.mjs";
import { __iconNode as bolt } from "@tabler/icons-react/dist/esm/icons/IconBolt.mjs";
import { __iconNode as bone } from "@tabler/icons-react/dist/esm/icons/IconBone.mjs";
import { __iconNode as bottle } from "@tabler/icons-react/dist/esm/icons/IconBottle.mjs";
import { __iconNode as brush } from "@tabler/icons-react/dist/esm/icons/IconBrush.mjs";
import { __iconNode as bucketDroplet } from "@tabler/icons-react/dist/esm/icons/IconBucketDroplet.mjs";
import { __iconNode as bug } from "@tabler/icons-react/dist/esm/icons/IconBug.mjs";
import { __iconNode as building } from "@tabler/icons-react/dist/esm/icons/IconBuilding.mjs";
import { __iconNode as buildingFactory2 } from "@tabler/icons-react/dist/esm/icons/IconBuildingFactory2.mjs";
import { __iconNode as buildingStore } from "@tabler/icons-react/dist/esm/icons/IconBuildingStore.mjs";
import { __iconNode as bulb } from "@tabler/icons-react/dist/esm/icons/IconBulb.mjs";
import { __iconNode as bulbOff } from "@tabler/icons-react/dist/esm/icons/IconBulbOff.mjs";
import { __iconNode as busStop } from "@tabler/icons-react/dist/esm/icons/IconBusStop.mjs";
import { __iconNode as camera } from "@tabler/icons-react/dist/esm/icons/IconCamera.mjs";
import { __iconNode as campfire } from "@tabler/icons-react/dist/esm/icons/IconCampfire.mjs";
import { __iconNode as car } from "@tabler/icons-react/dist/esm/icons/IconCar.mjs";
import { __iconNode as carCrash } from "@tabler/icons-react/dist/esm/icons/IconCarCrash.mjs";
import { __iconNode as carOff } from "@tabler/icons-react/dist/esm/icons/IconCarOff.mjs";
import { __iconNode as cat } from "@tabler/icons-react/dist/esm/icons/IconCat.mjs";
import { __iconNode as check } from "@tabler/icons-react/dist/esm/icons/IconCheck.mjs";
import { __iconNode as checklist } from "@tabler/icons-react/dist/esm/icons/IconChecklist.mjs";
import { __iconNode as chevronDown } from "@tabler/icons-react/dist/esm/icons/IconChevronDown.mjs";
import { __iconNode as circleCheck } from "@tabler/icons-react/dist/esm/icons/IconCircleCheck.mjs";
import { __iconNode as circleOff } from "@tabler/icons-react/dist/esm/icons/IconCircleOff.mjs";
import { __iconNode as clipboardText } from "@tabler/icons-react/dist/esm/icons/IconClipboardText.mjs";
import { __iconNode as clock } from "@tabler/icons-react/dist/esm/icons/IconClock.mjs";
import { __iconNode as cloudOff } from "@tabler/icons-react/dist/esm/icons/IconCloudOff.mjs";
import { __iconNode as cloudRain } from "@tabler/icons-react/dist/esm/icons/IconCloudRain.mjs";
import { __iconNode as coffee } from "@tabler/icons-react/dist/esm/icons/IconCoffee.mjs";
import { __iconNode as crane } from "@tabler/icons-react/dist/esm/icons/IconCrane.mjs";
import { __iconNode as currentLocation } from "@tabler/icons-react/dist/esm/icons/IconCurrentLocation.mjs";
import { __iconNode as database } from "@tabler/icons-react/dist/esm/icons/IconDatabase.mjs";
import { __iconNode as deviceMobile } from "@tabler/icons-react/dist/esm/icons/IconDeviceMobile.mjs";
import { __iconNode as disabled } from "@tabler/icons-react/dist/esm/icons/IconDisabled.mjs";
import { __iconNode as dog } from "@tabler/icons-react/dist/esm/icons/IconDog.mjs";
import { __iconNode as dots } from "@tabler/icons-react/dist/esm/icons/IconDots.mjs";
import { __iconNode as download } from "@tabler/icons-react/dist/esm/icons/IconDownload.mjs";
import { __iconNode as droplet } from "@tabler/icons-react/dist/esm/icons/IconDroplet.mjs";
import { __iconNode as dropletHalf2 } from "@tabler/icons-react/dist/esm/icons/IconDropletHalf2.mjs";
import { __iconNode as dropletOff } from "@tabler/icons-react/dist/esm/icons/IconDropletOff.mjs";
import { __iconNode as droplets } from "@tabler/icons-react/dist/esm/icons/IconDroplets.mjs";
import { __iconNode as eye } from "@tabler/icons-react/dist/esm/icons/IconEye.mjs";
import { __iconNode as fileCertificate } from "@tabler/icons-react/dist/esm/icons/IconFileCertificate.mjs";
import { __iconNode as fileExport } from "@tabler/icons-react/dist/esm/icons/IconFileExport.mjs";
import { __iconNode as fireHydrant } from "@tabler/icons-react/dist/esm/icons/IconFireHydrant.mjs";
import { __iconNode as flag } from "@tabler/icons-react/dist/esm/icons/IconFlag.mjs";
import { __iconNode as flame } from "@tabler/icons-react/dist/esm/icons/IconFlame.mjs";
import { __iconNode as grill } from "@tabler/icons-react/dist/esm/icons/IconGrill.mjs";
import { __iconNode as gripVertical } from "@tabler/icons-react/dist/esm/icons/IconGripVertical.mjs";
import { __iconNode as handStop } from "@tabler/icons-react/dist/esm/icons/IconHandStop.mjs";
import { __iconNode as heartBroken } from "@tabler/icons-react/dist/esm/icons/IconHeartBroken.mjs";
import { __iconNode as heartHandshake } from "@tabler/icons-react/dist/esm/icons/IconHeartHandshake.mjs";
import { __iconNode as history } from "@tabler/icons-react/dist/esm/icons/IconHistory.mjs";
import { __iconNode as horseToy } from "@tabler/icons-react/dist/esm/icons/IconHorseToy.mjs";
import { __iconNode as inbox } from "@tabler/icons-react/dist/esm/icons/IconInbox.mjs";
import { __iconNode as infoCircle } from "@tabler/icons-react/dist/esm/icons/IconInfoCircle.mjs";
import { __iconNode as language } from "@tabler/icons-react/dist/esm/icons/IconLanguage.mjs";
import { __iconNode as leaf } from "@tabler/icons-react/dist/esm/icons/IconLeaf.mjs";
import { __iconNode as license } from "@tabler/icons-react/dist/esm/icons/IconLicense.mjs";
import { __iconNode as listDetails } from "@tabler/icons-react/dist/esm/icons/IconListDetails.mjs";
import { __iconNode as listNumbers } from "@tabler/icons-react/dist/esm/icons/IconListNumbers.mjs";
import { __iconNode as lock } from "@tabler/icons-react/dist/esm/icons/IconLock.mjs";
import { __iconNode as logout } from "@tabler/icons-react/dist/esm/icons/IconLogout.mjs";
import { __iconNode as mail } from "@tabler/icons-react/dist/esm/icons/IconMail.mjs";
import { __iconNode as map2 } from "@tabler/icons-react/dist/esm/icons/IconMap2.mjs";
import { __iconNode as mapPin } from "@tabler/icons-react/dist/esm/icons/IconMapPin.mjs";
import { __iconNode as mapPinPlus } from "@tabler/icons-react/dist/esm/icons/IconMapPinPlus.mjs";
import { __iconNode as mapPinQuestion } from "@tabler/icons-react/dist/esm/icons/IconMapPinQuestion.mjs";
import { __iconNode as meat } from "@tabler/icons-react/dist/esm/icons/IconMeat.mjs";
import { __iconNode as message } from "@tabler/icons-react/dist/esm/icons/IconMessage.mjs";
import { __iconNode as minus } from "@tabler/icons-react/dist/esm/icons/IconMinus.mjs";
import { __iconNode as moon } from "@tabler/icons-react/dist/esm/icons/IconMoon.mjs";
import { __iconNode as motorbike } from "@tabler/icons-react/dist/esm/icons/IconMotorbike.mjs";
import { __iconNode as mouse } from "@tabler/icons-react/dist/esm/icons/IconMouse.mjs";
import { __iconNode as music } from "@tabler/icons-react/dist/esm/icons/IconMusic.mjs";
import { __iconNode as navigation } from "@tabler/icons-react/dist/esm/icons/IconNavigation.mjs";
import { __iconNode as crate } from "@tabler/icons-react/dist/esm/icons/IconPackage.mjs";
import { __iconNode as parking } from "@tabler/icons-react/dist/esm/icons/IconParking.mjs";
import { __iconNode as parkingCircle } from "@tabler/icons-react/dist/esm/icons/IconParkingCircle.mjs";
import { __iconNode as parkingOff } from "@tabler/icons-react/dist/esm/icons/IconParkingOff.mjs";
import { __iconNode as paw } from "@tabler/icons-react/dist/esm/icons/IconPaw.mjs";
import { __iconNode as pencil } from "@tabler/icons-react/dist/esm/icons/IconPencil.mjs";
import { __iconNode as phone } from "@tabler/icons-react/dist/esm/icons/IconPhone.mjs";
import { __iconNode as photo } from "@tabler/icons-react/dist/esm/icons/IconPhoto.mjs";
import { __iconNode as pinned } from "@tabler/icons-react/dist/esm/icons/IconPinned.mjs";
import { __iconNode as pipeline } from "@tabler/icons-react/dist/esm/icons/IconPipeline.mjs";
import { __iconNode as plant } from "@tabler/icons-react/dist/esm/icons/IconPlant.mjs";
import { __iconNode as playerPause } from "@tabler/icons-react/dist/esm/icons/IconPlayerPause.mjs";
import { __iconNode as playerPlay } from "@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs";
import { __iconNode as plugConnectedX } from "@tabler/icons-react/dist/esm/icons/IconPlugConnectedX.mjs";
import { __iconNode as plus } from "@tabler/icons-react/dist/esm/icons/IconPlus.mjs";
import { __iconNode as poo } from "@tabler/icons-react/dist/esm/icons/IconPoo.mjs";
import { __iconNode as power } from "@tabler/icons-react/dist/esm/icons/IconPower.mjs";
import { __iconNode as radioactive } from "@tabler/icons-react/dist/esm/icons/IconRadioactive.mjs";
import { __iconNode as recycle } from "@tabler/icons-react/dist/esm/icons/IconRecycle.mjs";
import { __iconNode as refresh } from "@tabler/icons-react/dist/esm/icons/IconRefresh.mjs";
import { __iconNode as ripple } from "@tabler/icons-react/dist/esm/icons/IconRipple.mjs";
import { __iconNode as road } from "@tabler/icons-react/dist/esm/icons/IconRoad.mjs";
import { __iconNode as roadOff } from "@tabler/icons-react/dist/esm/icons/IconRoadOff.mjs";
import { __iconNode as roadSign } from "@tabler/icons-react/dist/esm/icons/IconRoadSign.mjs";
import { __iconNode as rocket } from "@tabler/icons-react/dist/esm/icons/IconRocket.mjs";
import { __iconNode as rotateClockwise } from "@tabler/icons-react/dist/esm/icons/IconRotateClockwise.mjs";
import { __iconNode as route } from "@tabler/icons-react/dist/esm/icons/IconRoute.mjs";
import { __iconNode as search } from "@tabler/icons-react/dist/esm/icons/IconSearch.mjs";
import { __iconNode as seedling } from "@tabler/icons-react/dist/esm/icons/IconSeedling.mjs";
import { __iconNode as send } from "@tabler/icons-react/dist/esm/icons/IconSend.mjs";
import { __iconNode as shield } from "@tabler/icons-react/dist/esm/icons/IconShield.mjs";
import { __iconNode as shieldCheck } from "@tabler/icons-react/dist/esm/icons/IconShieldCheck.mjs";
import { __iconNode as shieldLock } from "@tabler/icons-react/dist/esm/icons/IconShieldLock.mjs";
import { __iconNode as shoppingCart } from "@tabler/icons-react/dist/esm/icons/IconShoppingCart.mjs";
import { __iconNode as shovel } from "@tabler/icons-react/dist/esm/icons/IconShovel.mjs";
import { __iconNode as signature } from "@tabler/icons-react/dist/esm/icons/IconSignature.mjs";
import { __iconNode as signRight } from "@tabler/icons-react/dist/esm/icons/IconSignRight.mjs";
import { __iconNode as smoking } from "@tabler/icons-react/dist/esm/icons/IconSmoking.mjs";
import { __iconNode as sofa } from "@tabler/icons-react/dist/esm/icons/IconSofa.mjs";
import { __iconNode as speakerphone } from "@tabler/icons-react/dist/esm/icons/IconSpeakerphone.mjs";
import { __iconNode as spray } from "@tabler/icons-react/dist/esm/icons/IconSpray.mjs";
import { __iconNode as stack2 } from "@tabler/icons-react/dist/esm/icons/IconStack2.mjs";
import { __iconNode as stairs } from "@tabler/icons-react/dist/esm/icons/IconStairs.mjs";
import { __iconNode as storm } from "@tabler/icons-react/dist/esm/icons/IconStorm.mjs";
import { __iconNode as sun } from "@tabler/icons-react/dist/esm/icons/IconSun.mjs";
import { __iconNode as sunHigh } from "@tabler/icons-react/dist/esm/icons/IconSunHigh.mjs";
import { __iconNode as sunset } from "@tabler/icons-react/dist/esm/icons/IconSunset.mjs";
import { __iconNode as toiletPaper } from "@tabler/icons-react/dist/esm/icons/IconToiletPaper.mjs";
import { __iconNode as tools } from "@tabler/icons-react/dist/esm/icons/IconTools.mjs";
import { __iconNode as trafficCone } from "@tabler/icons-react/dist/esm/icons/IconTrafficCone.mjs";
import { __iconNode as trafficLights } from "@tabler/icons-react/dist/esm/icons/IconTrafficLights.mjs";
import { __iconNode as trash } from "@tabler/icons-react/dist/esm/icons/IconTrash.mjs";
import { __iconNode as trashOff } from "@tabler/icons-react/dist/esm/icons/IconTrashOff.mjs";
import { __iconNode as trashX } from "@tabler/icons-react/dist/esm/icons/IconTrashX.mjs";
import { __iconNode as tree } from "@tabler/icons-react/dist/esm/icons/IconTree.mjs";
import { __iconNode as trees } from "@tabler/icons-react/dist/esm/icons/IconTrees.mjs";
import { __iconNode as truck } from "@tabler/icons-react/dist/esm/icons/IconTruck.mjs";
import { __iconNode as upload } from "@tabler/icons-react/dist/esm/icons/IconUpload.mjs";
import { __iconNode as urgent } from "@tabler/icons-react/dist/esm/icons/IconUrgent.mjs";
import { __iconNode as user } from "@tabler/icons-react/dist/esm/icons/IconUser.mjs";
import { __iconNode as userQuestion } from "@tabler/icons-react/dist/esm/icons/IconUserQuestion.mjs";
import { __iconNode as users } from "@tabler/icons-react/dist/esm/icons/IconUsers.mjs";
import { __iconNode as virus } from "@tabler/icons-react/dist/esm/icons/IconVirus.mjs";
import { __iconNode as volume } from "@tabler/icons-react/dist/esm/icons/IconVolume.mjs";
import { __iconNode as volume3 } from "@tabler/icons-react/dist/esm/icons/IconVolume3.mjs";
import { __iconNode as walk } from "@tabler/icons-react/dist/esm/icons/IconWalk.mjs";
import { __iconNode as wall } from "@tabler/icons-react/dist/esm/icons/IconWall.mjs";
import { __iconNode as wheelchair } from "@tabler/icons-react/dist/esm/icons/IconWheelchair.mjs";
import { __iconNode as wind } from "@tabler/icons-react/dist/esm/icons/IconWind.mjs";
import { __iconNode as world } from "@tabler/icons-react/dist/esm/icons/IconWorld.mjs";
import { __iconNode as x } from "@tabler/icons-react/dist/esm/icons/IconX.mjs";

// What the screens themselves use.
const own = {
  adjustments: adjustmentsHorizontal,
  alert: alertTriangle,
  ban,
  barrier: barrierBlock,
  camera,
  check,
  checklist,
  chevron: chevronDown,
  "circle-check": circleCheck,
  clock,
  close: x,
  coffee,
  crosshair: currentLocation,
  database,
  device: deviceMobile,
  download,
  exchange: arrowsExchange,
  file: fileExport,
  flag,
  glare: sunHigh,
  grip: gripVertical,
  history,
  inbox,
  info: infoCircle,
  language,
  layers: stack2,
  list: listDetails,
  lock,
  logout,
  mail,
  map: map2,
  merge: arrowMerge,
  message,
  minus,
  moon,
  more: dots,
  navigation,
  offline: cloudOff,
  order: listNumbers,
  package: crate,
  pause: playerPause,
  pencil,
  phone,
  photo,
  pin: mapPin,
  "pin-plus": mapPinPlus,
  pinned,
  play: playerPlay,
  plus,
  power,
  refresh,
  reopen: rotateClockwise,
  undo: arrowBackUp,
  route,
  search,
  send,
  signature,
  split: arrowsSplit2,
  standby: handStop,
  sun,
  truck,
  unplaced: mapPinQuestion,
  upload,
  user,
  users,
  world,
} satisfies Record<string, Shapes>;

// What departments and categories name; a catalogue may name any of these.
const named: Record<string, Shapes> = {
  "alert-octagon": alertOctagon,
  "alert-triangle": alertTriangle,
  armchair,
  axe,
  backhoe,
  "barrier-block": barrierBlock,
  beach,
  bed,
  biohazard,
  bolt,
  bone,
  bottle,
  brush,
  "bucket-droplet": bucketDroplet,
  bug,
  building,
  "building-factory-2": buildingFactory2,
  "building-store": buildingStore,
  bulb,
  "bulb-off": bulbOff,
  "bus-stop": busStop,
  campfire,
  car,
  "car-crash": carCrash,
  "car-off": carOff,
  cat,
  "circle-off": circleOff,
  "clipboard-text": clipboardText,
  "cloud-rain": cloudRain,
  crane,
  disabled,
  dog,
  droplet,
  "droplet-half-2": dropletHalf2,
  "droplet-off": dropletOff,
  droplets,
  eye,
  "file-certificate": fileCertificate,
  "fire-hydrant": fireHydrant,
  flame,
  grill,
  "heart-broken": heartBroken,
  "heart-handshake": heartHandshake,
  "horse-toy": horseToy,
  leaf,
  license,
  meat,
  motorbike,
  mouse,
  music,
  parking,
  "parking-circle": parkingCircle,
  "parking-off": parkingOff,
  paw,
  pipeline,
  plant,
  "plug-connected-x": plugConnectedX,
  poo,
  radioactive,
  recycle,
  ripple,
  road,
  "road-off": roadOff,
  "road-sign": roadSign,
  rocket,
  seedling,
  shield,
  "shield-check": shieldCheck,
  "shield-lock": shieldLock,
  "shopping-cart": shoppingCart,
  shovel,
  "sign-right": signRight,
  smoking,
  sofa,
  speakerphone,
  spray,
  stairs,
  storm,
  sunset,
  "toilet-paper": toiletPaper,
  tools,
  "traffic-cone": trafficCone,
  "traffic-lights": trafficLights,
  trash,
  "trash-off": trashOff,
  "trash-x": trashX,
  tree,
  trees,
  urgent,
  "user-question": userQuestion,
  virus,
  volume,
  "volume-3": volume3,
  walk,
  wall,
  wheelchair,
  wind,
};

export type Shapes = [tag: string, attributes: Record<string, string>][];
export type IconName = keyof typeof own;

// shapes is the icon of a name, or a plain flag for a name that this build
// doesn't know.
export function shapes(name: string): Shapes {
  return named[name] ?? (own as Record<string, Shapes>)[name] ?? own.flag;
}
