// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
import type { Flow } from "../src/index.js";
import { aceStep, type AceStepParams } from "./flows/ace_step.js";
import { animagineXl, type AnimagineXlParams } from "./flows/animagine_xl.js";
import { animalClothing, type AnimalClothingParams } from "./flows/animal_clothing.js";
import { askAiInternal, type AskAiInternalParams } from "./flows/ask_ai_internal.js";
import { auraflow, type AuraflowParams } from "./flows/auraflow.js";
import { colorfulXl, type ColorfulXlParams } from "./flows/colorful_xl.js";
import { colorfulXlInpaint, type ColorfulXlInpaintParams } from "./flows/colorful_xl_inpaint.js";
import { comicuPortrait, type ComicuPortraitParams } from "./flows/comicu_portrait.js";
import {
  comsmosPredict2T2i14b,
  type ComsmosPredict2T2i14bParams,
} from "./flows/comsmos_predict2_t2i_14b.js";
import { flux1Dev, type Flux1DevParams } from "./flows/flux1_dev.js";
import { flux1DevInpaint, type Flux1DevInpaintParams } from "./flows/flux1_dev_inpaint.js";
import { flux1Extend, type Flux1ExtendParams } from "./flows/flux1_extend.js";
import { flux1Kontext, type Flux1KontextParams } from "./flows/flux1_kontext.js";
import { flux1Schnell, type Flux1SchnellParams } from "./flows/flux1_schnell.js";
import {
  flux1SchnellInpaint,
  type Flux1SchnellInpaintParams,
} from "./flows/flux1_schnell_inpaint.js";
import { humanFaceDetailer, type HumanFaceDetailerParams } from "./flows/human_face_detailer.js";
import { hunyuan3d, type Hunyuan3dParams } from "./flows/hunyuan_3d.js";
import { hunyuanDit, type HunyuanDitParams } from "./flows/hunyuan_dit.js";
import { hunyuanImg2video, type HunyuanImg2videoParams } from "./flows/hunyuan_img2video.js";
import { juggernautLite, type JuggernautLiteParams } from "./flows/juggernaut_lite.js";
import { juggernautXl, type JuggernautXlParams } from "./flows/juggernaut_xl.js";
import { ltxvImg2video, type LtxvImg2videoParams } from "./flows/ltxv_img2video.js";
import { ltxvTxt2video, type LtxvTxt2videoParams } from "./flows/ltxv_txt2video.js";
import { madScientist, type MadScientistParams } from "./flows/mad_scientist.js";
import { memojiPortrait, type MemojiPortraitParams } from "./flows/memoji_portrait.js";
import { mobiusXl, type MobiusXlParams } from "./flows/mobius_xl.js";
import {
  pencilSketchPortrait,
  type PencilSketchPortraitParams,
} from "./flows/pencil_sketch_portrait.js";
import { photoStickers, type PhotoStickersParams } from "./flows/photo_stickers.js";
import { photoStickers2, type PhotoStickers2Params } from "./flows/photo_stickers2.js";
import { photomaker1, type Photomaker1Params } from "./flows/photomaker_1.js";
import { photomaker2, type Photomaker2Params } from "./flows/photomaker_2.js";
import { photomakerFlux1Dev, type PhotomakerFlux1DevParams } from "./flows/photomaker_flux1_dev.js";
import { pixartE, type PixartEParams } from "./flows/pixart_e.js";
import {
  playground25Aesthetic,
  type Playground25AestheticParams,
} from "./flows/playground_2_5_aesthetic.js";
import {
  playground25Prometheus,
  type Playground25PrometheusParams,
} from "./flows/playground_2_5_prometheus.js";
import { proteusXl, type ProteusXlParams } from "./flows/proteus_xl.js";
import { realvisXl, type RealvisXlParams } from "./flows/realvis_xl.js";
import {
  removeBackgroundBirefnet,
  type RemoveBackgroundBirefnetParams,
} from "./flows/remove_background_birefnet.js";
import {
  removeBackgroundBirefnetLite,
  type RemoveBackgroundBirefnetLiteParams,
} from "./flows/remove_background_birefnet_lite.js";
import {
  removeBackgroundBria,
  type RemoveBackgroundBriaParams,
} from "./flows/remove_background_bria.js";
import { restoreOldPhoto, type RestoreOldPhotoParams } from "./flows/restore_old_photo.js";
import { sd35Large, type Sd35LargeParams } from "./flows/sd3_5_large.js";
import { sd35Large8bit, type Sd35Large8bitParams } from "./flows/sd3_5_large_8bit.js";
import { sd35Medium, type Sd35MediumParams } from "./flows/sd3_5_medium.js";
import { sdxlLighting, type SdxlLightingParams } from "./flows/sdxl_lighting.js";
import { sketchPencil, type SketchPencilParams } from "./flows/sketch_pencil.js";
import { sketchPortrait, type SketchPortraitParams } from "./flows/sketch_portrait.js";
import { stableAudioOpen, type StableAudioOpenParams } from "./flows/stable_audio_open.js";
import { stableCascade, type StableCascadeParams } from "./flows/stable_cascade.js";
import { supirUpscaler, type SupirUpscalerParams } from "./flows/supir_upscaler.js";
import { toGhibli, type ToGhibliParams } from "./flows/to_ghibli.js";
import { vintagePortrait, type VintagePortraitParams } from "./flows/vintage_portrait.js";

/** Flow id → type of its parameters. */
export interface FlowParams {
  ace_step: AceStepParams;
  animagine_xl: AnimagineXlParams;
  animal_clothing: AnimalClothingParams;
  ask_ai_internal: AskAiInternalParams;
  auraflow: AuraflowParams;
  colorful_xl: ColorfulXlParams;
  colorful_xl_inpaint: ColorfulXlInpaintParams;
  comicu_portrait: ComicuPortraitParams;
  comsmos_predict2_t2i_14b: ComsmosPredict2T2i14bParams;
  flux1_dev: Flux1DevParams;
  flux1_dev_inpaint: Flux1DevInpaintParams;
  flux1_extend: Flux1ExtendParams;
  flux1_kontext: Flux1KontextParams;
  flux1_schnell: Flux1SchnellParams;
  flux1_schnell_inpaint: Flux1SchnellInpaintParams;
  human_face_detailer: HumanFaceDetailerParams;
  hunyuan_3d: Hunyuan3dParams;
  hunyuan_dit: HunyuanDitParams;
  hunyuan_img2video: HunyuanImg2videoParams;
  juggernaut_lite: JuggernautLiteParams;
  juggernaut_xl: JuggernautXlParams;
  ltxv_img2video: LtxvImg2videoParams;
  ltxv_txt2video: LtxvTxt2videoParams;
  mad_scientist: MadScientistParams;
  memoji_portrait: MemojiPortraitParams;
  mobius_xl: MobiusXlParams;
  pencil_sketch_portrait: PencilSketchPortraitParams;
  photo_stickers: PhotoStickersParams;
  photo_stickers2: PhotoStickers2Params;
  photomaker_1: Photomaker1Params;
  photomaker_2: Photomaker2Params;
  photomaker_flux1_dev: PhotomakerFlux1DevParams;
  pixart_e: PixartEParams;
  playground_2_5_aesthetic: Playground25AestheticParams;
  playground_2_5_prometheus: Playground25PrometheusParams;
  proteus_xl: ProteusXlParams;
  realvis_xl: RealvisXlParams;
  remove_background_birefnet: RemoveBackgroundBirefnetParams;
  remove_background_birefnet_lite: RemoveBackgroundBirefnetLiteParams;
  remove_background_bria: RemoveBackgroundBriaParams;
  restore_old_photo: RestoreOldPhotoParams;
  sd3_5_large: Sd35LargeParams;
  sd3_5_large_8bit: Sd35Large8bitParams;
  sd3_5_medium: Sd35MediumParams;
  sdxl_lighting: SdxlLightingParams;
  sketch_pencil: SketchPencilParams;
  sketch_portrait: SketchPortraitParams;
  stable_audio_open: StableAudioOpenParams;
  stable_cascade: StableCascadeParams;
  supir_upscaler: SupirUpscalerParams;
  to_ghibli: ToGhibliParams;
  vintage_portrait: VintagePortraitParams;
}

/** All flows by id, to choose one at run time. A program that imports this carries every flow. */
export const flows: { readonly [Id in keyof FlowParams]: Flow<FlowParams[Id]> } = {
  ace_step: aceStep,
  animagine_xl: animagineXl,
  animal_clothing: animalClothing,
  ask_ai_internal: askAiInternal,
  auraflow: auraflow,
  colorful_xl: colorfulXl,
  colorful_xl_inpaint: colorfulXlInpaint,
  comicu_portrait: comicuPortrait,
  comsmos_predict2_t2i_14b: comsmosPredict2T2i14b,
  flux1_dev: flux1Dev,
  flux1_dev_inpaint: flux1DevInpaint,
  flux1_extend: flux1Extend,
  flux1_kontext: flux1Kontext,
  flux1_schnell: flux1Schnell,
  flux1_schnell_inpaint: flux1SchnellInpaint,
  human_face_detailer: humanFaceDetailer,
  hunyuan_3d: hunyuan3d,
  hunyuan_dit: hunyuanDit,
  hunyuan_img2video: hunyuanImg2video,
  juggernaut_lite: juggernautLite,
  juggernaut_xl: juggernautXl,
  ltxv_img2video: ltxvImg2video,
  ltxv_txt2video: ltxvTxt2video,
  mad_scientist: madScientist,
  memoji_portrait: memojiPortrait,
  mobius_xl: mobiusXl,
  pencil_sketch_portrait: pencilSketchPortrait,
  photo_stickers: photoStickers,
  photo_stickers2: photoStickers2,
  photomaker_1: photomaker1,
  photomaker_2: photomaker2,
  photomaker_flux1_dev: photomakerFlux1Dev,
  pixart_e: pixartE,
  playground_2_5_aesthetic: playground25Aesthetic,
  playground_2_5_prometheus: playground25Prometheus,
  proteus_xl: proteusXl,
  realvis_xl: realvisXl,
  remove_background_birefnet: removeBackgroundBirefnet,
  remove_background_birefnet_lite: removeBackgroundBirefnetLite,
  remove_background_bria: removeBackgroundBria,
  restore_old_photo: restoreOldPhoto,
  sd3_5_large: sd35Large,
  sd3_5_large_8bit: sd35Large8bit,
  sd3_5_medium: sd35Medium,
  sdxl_lighting: sdxlLighting,
  sketch_pencil: sketchPencil,
  sketch_portrait: sketchPortrait,
  stable_audio_open: stableAudioOpen,
  stable_cascade: stableCascade,
  supir_upscaler: supirUpscaler,
  to_ghibli: toGhibli,
  vintage_portrait: vintagePortrait,
};
