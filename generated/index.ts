// Written by vix-codegen from a description of flows. Do not edit: run `vix-codegen generate`.
export { flows, type FlowParams } from "./flow-map.js";
export { aceStep, type AceStepParams } from "./flows/ace_step.js";
export { animagineXl, type AnimagineXlParams } from "./flows/animagine_xl.js";
export { animalClothing, type AnimalClothingParams } from "./flows/animal_clothing.js";
export { askAiInternal, type AskAiInternalParams } from "./flows/ask_ai_internal.js";
export { auraflow, type AuraflowParams } from "./flows/auraflow.js";
export { colorfulXl, type ColorfulXlParams } from "./flows/colorful_xl.js";
export { colorfulXlInpaint, type ColorfulXlInpaintParams } from "./flows/colorful_xl_inpaint.js";
export { comicuPortrait, type ComicuPortraitParams } from "./flows/comicu_portrait.js";
export {
  comsmosPredict2T2i14b,
  type ComsmosPredict2T2i14bParams,
} from "./flows/comsmos_predict2_t2i_14b.js";
export { flux1Dev, type Flux1DevParams } from "./flows/flux1_dev.js";
export { flux1DevInpaint, type Flux1DevInpaintParams } from "./flows/flux1_dev_inpaint.js";
export { flux1Extend, type Flux1ExtendParams } from "./flows/flux1_extend.js";
export { flux1Kontext, type Flux1KontextParams } from "./flows/flux1_kontext.js";
export { flux1Schnell, type Flux1SchnellParams } from "./flows/flux1_schnell.js";
export {
  flux1SchnellInpaint,
  type Flux1SchnellInpaintParams,
} from "./flows/flux1_schnell_inpaint.js";
export { humanFaceDetailer, type HumanFaceDetailerParams } from "./flows/human_face_detailer.js";
export { hunyuan3d, type Hunyuan3dParams } from "./flows/hunyuan_3d.js";
export { hunyuanDit, type HunyuanDitParams } from "./flows/hunyuan_dit.js";
export { hunyuanImg2video, type HunyuanImg2videoParams } from "./flows/hunyuan_img2video.js";
export { juggernautLite, type JuggernautLiteParams } from "./flows/juggernaut_lite.js";
export { juggernautXl, type JuggernautXlParams } from "./flows/juggernaut_xl.js";
export { ltxvImg2video, type LtxvImg2videoParams } from "./flows/ltxv_img2video.js";
export { ltxvTxt2video, type LtxvTxt2videoParams } from "./flows/ltxv_txt2video.js";
export { madScientist, type MadScientistParams } from "./flows/mad_scientist.js";
export { memojiPortrait, type MemojiPortraitParams } from "./flows/memoji_portrait.js";
export { mobiusXl, type MobiusXlParams } from "./flows/mobius_xl.js";
export {
  pencilSketchPortrait,
  type PencilSketchPortraitParams,
} from "./flows/pencil_sketch_portrait.js";
export { photoStickers, type PhotoStickersParams } from "./flows/photo_stickers.js";
export { photoStickers2, type PhotoStickers2Params } from "./flows/photo_stickers2.js";
export { photomaker1, type Photomaker1Params } from "./flows/photomaker_1.js";
export { photomaker2, type Photomaker2Params } from "./flows/photomaker_2.js";
export { photomakerFlux1Dev, type PhotomakerFlux1DevParams } from "./flows/photomaker_flux1_dev.js";
export { pixartE, type PixartEParams } from "./flows/pixart_e.js";
export {
  playground25Aesthetic,
  type Playground25AestheticParams,
} from "./flows/playground_2_5_aesthetic.js";
export {
  playground25Prometheus,
  type Playground25PrometheusParams,
} from "./flows/playground_2_5_prometheus.js";
export { proteusXl, type ProteusXlParams } from "./flows/proteus_xl.js";
export { realvisXl, type RealvisXlParams } from "./flows/realvis_xl.js";
export {
  removeBackgroundBirefnet,
  type RemoveBackgroundBirefnetParams,
} from "./flows/remove_background_birefnet.js";
export {
  removeBackgroundBirefnetLite,
  type RemoveBackgroundBirefnetLiteParams,
} from "./flows/remove_background_birefnet_lite.js";
export {
  removeBackgroundBria,
  type RemoveBackgroundBriaParams,
} from "./flows/remove_background_bria.js";
export { restoreOldPhoto, type RestoreOldPhotoParams } from "./flows/restore_old_photo.js";
export { sd35Large, type Sd35LargeParams } from "./flows/sd3_5_large.js";
export { sd35Large8bit, type Sd35Large8bitParams } from "./flows/sd3_5_large_8bit.js";
export { sd35Medium, type Sd35MediumParams } from "./flows/sd3_5_medium.js";
export { sdxlLighting, type SdxlLightingParams } from "./flows/sdxl_lighting.js";
export { sketchPencil, type SketchPencilParams } from "./flows/sketch_pencil.js";
export { sketchPortrait, type SketchPortraitParams } from "./flows/sketch_portrait.js";
export { stableAudioOpen, type StableAudioOpenParams } from "./flows/stable_audio_open.js";
export { stableCascade, type StableCascadeParams } from "./flows/stable_cascade.js";
export { supirUpscaler, type SupirUpscalerParams } from "./flows/supir_upscaler.js";
export { toGhibli, type ToGhibliParams } from "./flows/to_ghibli.js";
export { vintagePortrait, type VintagePortraitParams } from "./flows/vintage_portrait.js";
