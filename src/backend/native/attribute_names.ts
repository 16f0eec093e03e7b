import type { Binding } from "./binding.ts";

/** The names of attributes that operations of tfjs-node and ours have. */
const names = (`DstT Index SrcT T TI T_threshold Targmax Taxis Tblock_shape Tcomplex Tcrops Tidx Tindices Tlabels Tlen
  Tmultiples Tnumsegments Tout Tpaddings Tparams Tperm Tshape Truncate U _kernel adj_x adj_y align_corners alpha axis
  batch_dims begin_mask beta bias block_size container data_format depth_radius dilations dtype ellipsis_mask end_mask
  epsilon equation exclusive explicit_paddings extrapolation_value half_pixel_centers index_type is_training keep_dims
  ksize method mode N new_axis_mask num num_split out_idx output_dtype output_type padding pattern rates replace_global
  reverse rewrite seed seed2 shape shared_name shrink_axis_mask sorted strides transpose_a transpose_b use_cudnn_on_gpu
  use_locking use_nesterov validate_indices workspace_enabled`).split(/\s+/);

/**
 * Tells the binding every name that will come. It keeps them in a set that all threads of a process share and that
 * nothing guards: two Workers that add to it at once would break it, and to find a name there is safe.
 */
export function tellAttributeNames(binding: Binding): void {
  const attributes = names.map((name) => ({ name, type: binding.TF_ATTR_INT, value: 0 }));
  try {
    binding.executeOp("NoOp", attributes, [], 0);
  } catch {
    // It has none of them, and the names were kept before it said so.
  }
}
